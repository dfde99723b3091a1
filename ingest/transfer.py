"""Documents between processes. Pickle handles every model object on its own, at the price of a good part of parsing it; here the
many small ones, claims and paragraphs, travel as the plain values they are made of, and are not validated a second time."""

from typing import Any, TypeVar

from ingest.document import Claim, Frozen, Paragraph, PatentDocument, Section

Packed = dict[str, Any]
_Model = TypeVar("_Model", bound=Frozen)
_put = object.__setattr__


def pack(document: PatentDocument) -> Packed:
    """The fields of a document, with plain values for claims and sections."""
    packed = dict(document.__dict__)
    packed["claims"] = [claim.__dict__ for claim in document.claims]
    packed["translated_claims"] = {language: [claim.__dict__ for claim in claims] for language, claims in document.translated_claims.items()}
    packed["sections"] = [(s.heading, s.kind, [p.__dict__ for p in s.paragraphs]) for s in document.sections]
    return packed


def unpack(packed: Packed) -> PatentDocument:
    """The document that was packed."""
    packed["claims"] = tuple([_of(Claim, claim) for claim in packed["claims"]])
    packed["translated_claims"] = {language: tuple(_of(Claim, c) for c in claims) for language, claims in packed["translated_claims"].items()}
    packed["sections"] = tuple(
        [
            _of(Section, {"heading": heading, "kind": kind, "paragraphs": tuple([_of(Paragraph, p) for p in paragraphs])})
            for heading, kind, paragraphs in packed["sections"]
        ]
    )
    return _of(PatentDocument, packed)


_FIELDS: dict[type[Frozen], set[str]] = {model: set(model.model_fields) for model in (Claim, Section, Paragraph, PatentDocument)}


def _of(model: type[_Model], values: dict[str, Any]) -> _Model:
    made = model.__new__(model)
    _put(made, "__dict__", values)
    _put(made, "__pydantic_fields_set__", _FIELDS[model])
    _put(made, "__pydantic_extra__", None)
    _put(made, "__pydantic_private__", None)
    return made
