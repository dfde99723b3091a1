"""Character entities of the ISO sets, for XML that refers to them by name and leaves their declarations elsewhere.

Sources of the names: HTML5 (which has ISOnum, ISOpub, ISOtech, ISOlat1 and 2, ISOdia, ISObox, ISOcyr1 and 2, ISOgrk3 and ISOams),
ISO 8879:1986 for the Greek sets 1, 2 and 4 and for the names that HTML5 dropped, and the USPTO's Red Book of 2001 to 2004.
"""

import html.entities
import re

_GREEK = {
    **dict(zip(
        "agr bgr ggr dgr egr zgr eegr thgr igr kgr lgr mgr ngr xgr ogr pgr rgr sgr sfgr tgr ugr phgr khgr psgr ohgr".split(),
        "αβγδεζηθικλμνξοπρσςτυφχψω", strict=True,
    )),
    **dict(zip(
        "Agr Bgr Ggr Dgr Egr Zgr EEgr THgr Igr Kgr Lgr Mgr Ngr Xgr Ogr Pgr Rgr Sgr Tgr Ugr PHgr KHgr PSgr OHgr".split(),
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", strict=True,
    )),
    **dict(zip(
        "aacgr Aacgr eacgr Eacgr eeacgr EEacgr iacgr Iacgr idigr Idigr idiagr oacgr Oacgr uacgr Uacgr udigr Udigr udiagr ohacgr OHacgr".split(),
        "άΆέΈήΉίΊϊΪΐόΌύΎϋΫΰώΏ", strict=True,
    )),
    **dict(zip(
        "b.alpha b.beta b.gamma b.Gamma b.gammad b.Gammad b.delta b.Delta b.epsi b.epsiv b.zeta b.eta b.thetas b.Theta b.thetav b.iota b.kappa"
        " b.kappav b.lambda b.Lambda b.mu b.nu b.xi b.Xi b.pi b.Pi b.piv b.rho b.rhov b.sigma b.Sigma b.sigmav b.tau b.upsi b.Upsi b.phi b.Phi"
        " b.phiv b.chi b.psi b.Psi b.omega b.Omega".split(),
        "𝛂𝛃𝛄𝚪𝟋𝟊𝛅𝚫𝛆𝛜𝛇𝛈𝛉𝚯𝛝𝛊𝛋𝛞𝛌𝚲𝛍𝛎𝛏𝚵𝛑𝚷𝛡𝛒𝛠𝛔𝚺𝛓𝛕𝛖𝚼𝛗𝚽𝛟𝛘𝛙𝚿𝛚𝛀", strict=True,
    )),
}  # fmt: skip
_OF_ISO_8879 = {
    **dict(zip("larr2 rarr2 uarr2 darr2 lrarr2 rlarr2 lrhar2 rlhar2 dlarr drarr".split(), "⇇⇉⇈⇊⇆⇄⇋⇌↙↘", strict=True)),
    **dict(zip("epsis phis thetas gcedil jnodot sbsol vprime cupre gsdot ldot samalg lpargt ang90".split(), "ϵϕθģȷ﹨′≼⋗⋖∐⦠∟", strict=True)),
}  # fmt: skip
_OF_THE_USPTO = {"Circlesolid": "●", "Asteriskpseud": "※", "Parenopenst": "(", "Parenclosest": ")", "Brketopenst": "[", "Brketclosest": "]"}
_PREDEFINED = frozenset(("amp", "lt", "gt", "quot", "apos"))


def _numeric(text: str) -> bytes:
    return "".join(f"&#{ord(c)};" for c in text).encode()


_REFERENCES = {
    name.encode(): _numeric(text)
    for name, text in (
        *((name[:-1], text) for name, text in html.entities.html5.items() if name.endswith(";")),
        *_GREEK.items(),
        *_OF_ISO_8879.items(),
        *_OF_THE_USPTO.items(),
    )
    if name not in _PREDEFINED
}
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9.]{0,31});")
_DECLARED = re.compile(rb"<!ENTITY[ \t\r\n]+([A-Za-z][A-Za-z0-9._-]{0,63})[ \t\r\n]")
_ROOT = re.compile(rb"<[A-Za-z_]")
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"


def resolve_entities(data: bytes) -> bytes:
    """The same XML with each reference to a known character by name made a numeric one, which needs no declaration.

    A numeric reference is right in every encoding that has ASCII in it, and can't be taken for markup. The five entities of XML,
    names that the document declares, unknown names and CDATA sections stay as they are, and so does UTF-16.
    """
    if _NAMED.search(data) is None:
        return data
    root = _ROOT.search(data)
    position = root.start() if root is not None else 0
    declared = frozenset(_DECLARED.findall(data))

    def numeric(match: "re.Match[bytes]") -> bytes:
        return match[0] if match[1] in declared else _REFERENCES.get(match[1], match[0])

    pieces = [data[:position]]
    while (opening := data.find(_CDATA, position)) >= 0:
        closing = data.find(_CDATA_END, opening)
        end = closing + len(_CDATA_END) if closing >= 0 else len(data)
        pieces += [_NAMED.sub(numeric, data[position:opening]), data[opening:end]]
        position = end
    pieces.append(_NAMED.sub(numeric, data[position:]))
    return b"".join(pieces)
