"""Words that the reading of English noun phrases needs: see `assistant.claims.english`."""

SKIPPED = frozenset(
    """
    above-described above-identified above-mentioned actual additional adjacent adjoining aforementioned aforesaid all any associated at
    both certain complete corresponding desired different each eight entire every five four full given individual intended least more
    multiple needed neighboring neighbouring nine obtained of one or original pair particular plurality preselected previously remaining
    required respective respectively resulting said set seven several single six so so-called specific ten than the then three thus two
    various whole
    """.split()
)
"""Quantifiers and the like between an article and its noun."""
STOP = frozenset(
    """
    a about above according across adapted adjacent after again against all along also am among amongst an and and/or any apart are around
    arranged as aside at away backward backwards based be because been before behind being below beneath besides between beyond both but by
    can cannot characterised characterized closest comprise comprised comprises comprising configured consist consisting consists contain
    containing contains could dependent did do does down downward downwards due during e.g each either equal etc even every ex except
    farthest for forward forwards from further furthermore furthest greater had has have having he her herein his i.e if in include includes
    including independent indicative inside instead insufficient into inward inwards is it its just less like may might modulo more must
    near nearest neither no nor not of off on once only onto operable operative opposite or out outside outward outwards over per prior
    proximate rather relative respectively responsive said selected shall she should since so still subsequent such sufficient than that the
    their then there thereafter therebetween thereby therefrom therein thereof thereon thereto thereunder therewith these they this those
    though through throughout thus to together toward towards under unless until up upon upward upwards used using via vitro vivo was we
    were when where whereas whereby wherein which while who whom whose will with within without would yet
    """.split()
)
"""Words that end a noun phrase."""
VERBS = frozenset(
    """
    absorbs abut abuts act acts affects align aligns allow allows applies apply assigns assumes at bear bears become becomes begins belong
    belongs carries carry cause causes changes closes collects combines come comes communicates compares computes connect connects consists
    control controls convert converts correspond corresponds cover covers create creates decreases define defines deforms delivers denotes
    depend depends depicts describes detect detects determine determines differ differs directs displays drive drives emits enable enables
    encourages engage engages ensures enters equals establishes estimates evaluates exceed exceeds execute executes exhibits exits expresses
    extend extends faces facilitates fall falls flows forms forwards generate generates go goes guarantees hold holds identifies identify
    implements improves increases indicate indicates initializes initiates inserts intersect intersects involves issues launches least lie
    lies maintain maintains make makes maps matches measures meet meets mesh meshes minimizes monitors move moves obeys obtains occur occurs
    opens operate operates outputs overlap overlaps pass passes perform performs predicts prevents processes produce produces projects
    promotes protrudes provide provides ranges ranks reach reaches react reacts reads receive receives reduces refers regulates relates
    releases remain remains removes represent represents requests require requires resides respond responds rest rests retains returns
    rotate rotates routes run runs satisfies satisfy scans select selectively selects send sends separates serve serves shifts slid slides
    specifies starts stops store stores submits substantially supplies support supports surround surrounds take takes tend tends terminates
    touch touches trains transfers translates transmit transmits transports travels triggers undergoes updates use uses varies vary
    """.split()
)
"""Forms that are mostly verbs after a noun."""
PARTICIPLES = frozenset(
    """
    bound broken built chosen cut drawn driven fed found given held kept known led left made met put read seen sent set shown taken worn
    wound written
    """.split()
)
"""Irregular participles."""
NOT_ADVERBS = frozenset(
    """
    abuts align aligns anomaly apply assemblies assembly bear bears butterfly early family fly intersect intersects july likely meet mesh
    meshes monopoly multiply only overlap overlaps ply poly reply rest rests sly supply touch touches
    """.split()
)
"""Words in -ly that are no adverbs."""
NOUNS_IN_ING = frozenset(
    """
    bearing being bonding bracing building bushing casing casting clothing coating cooling coupling covering drawing dressing engineering
    filling fitting flooring forging heating housing king lining marking molding moulding mounting opening packaging padding piping plating
    processing railing reading ring roofing routing sealing setting sibling sling spacing spring string stripping thing timing tubing
    winding wing wiring
    """.split()
)
"""Words in -ing that name things."""
GENERIC = frozenset(
    """
    abdomen above absence accompanying act acts aid air alternative ambient and aorta art atmosphere average back balance basis below
    bladder blood bloodstream body bottom brain breast cartilage case cavity center centre cerebellum cervix claim claims colon combination
    condition conditions conjunctiva contents context contrary cornea cortex course description difference drawing drawings duodenum earth
    entirety environment epidermis equation equations esophagus event existence expression extent exterior eye fact figure figures fly
    following foregoing former formula formulae front general genome ground group groups heart help hippocampus human hypothalamus ileum
    improvement improvements inequality inside instant interior internet intestine invention inverse jejunum kidney larynx latter left like
    list lists liver long-term lung lungs majority manner maximum mean meantime meta method-step middle minimum moment mouth naked neck nose
    nostril nucleus number numbers ocean oesophagus one ones operation operations opposed opposite or order ortho other others outside
    ovaries ovary pain pairs pancreas para patient's pelvis penis percent ph pharynx placenta preceding presence present product prostate
    provision proviso provisos public purpose quotient range ratio rear rectum relation relations relationship relationships remainder rest
    result retina reverse right same scalp sclera sea sequence short-term shoulders skin skull sky specification spine stage stages step
    steps sternum stomach structural structure subject sum sun symbols synovia synovial thalamus thorax throat thyroid time-being tissue
    tongue top topside torso total totality trachea tract universe urethra use user's uterus vagina vicinity way winner world
    """.split()
)
"""Words that need no antecedent: of the art of writing claims, or of things that there is one of."""
INHERENT = frozenset(
    """
    ability absence accuracy act acts age amount amounts amplitude angle angles approval area arrival atom atoms availability axes axis back
    backbone balance base beginning behavior behaviour body border bottom boundaries boundary breadth build capacity center centre chain
    chains change changes characteristic characteristics circumference class color colour completion composition concentration conclusion
    condition conditions content contents contour control coordinate coordinates core corner corners cost counterpart course cross-section
    crown current curvature date decrease degree density depth design detail details diameter difference dimension dimensions direction
    directions distance distances domain domains drop duration edge edges effect effects eigenvalue eigenvalues eigenvector eigenvectors
    elements end ends energy existence exit expiration exterior face faces fault feature features fft field flow force forces form fraction
    frequencies frequency front function functions gain gap gender genome geometry gradient growth half halves hardness head height history
    identifier identifiers identity increase index indices influence inner input inputs inside instant intensity interface interfaces
    interior interval intervals kind kinds left length level levels likelihood limit limits load loads location locations loss lower lumen
    lumens magnitude majority mass masses material materials member members middle mixture moment motion mouth movement name nature need
    number numbers occurrence onset order orientation outer outline outlines output outputs outset outside parallax parameter parameters
    part parts passage passband pattern percentage performance perimeter period periphery phase plane point points portion portions position
    positions power presence pressure price probability process product profile properties property proportion purpose quality quantity
    radii radius range rate rates ratio rear refusal region regions relation relationship release remainder removal renewal residue residues
    rest result results right risk role roughness route routes sake section sections segment segments sequence sex shape side sides size
    slope space span spectra spectrum speed start state states status step steps stoichiometry strain stress sum surface synthesis tail
    temperature tensor termini terminus thickness thiol threshold throughput time times tip top top-side torque transform travel type types
    uncertainty underside upper usage use value values view viscosity voltage volume wall walls wavelength weight weights width withdrawal
    """.split()
)
"""Parts and properties that a thing has by its nature."""
NOT_NOMINAL = frozenset(
    """
    ambulance animal animals aperture apertures appliance application applications attachment bandage bath bearing bearings building
    buildings bushing cable cartridge casing cavities cavity cement chemical chemicals closure cloth coating coatings commodity compartment
    compartments conveyance coupling couplings crystal crystals cushion device document documents element elements entities entity entrance
    extension extensions facilities facility filament fitting fixture fluence garment hospital housing housings image images instrument
    instruments journal ligament material materials mechanism mechanisms medal message messages metal metals microorganism microorganisms
    mineral mixture mixtures mouth opening openings organism organisms package packages page pages panel passage passages path paths pedal
    pharmaceutical portion portions prism ring rings section sections segment segments sequence signal signals solution solutions spring
    springs station stations string strings structure structures substance teeth terminal terminals tooth utility winding windings wing
    """.split()
)
"""Words with the ending of an action or a property that name things."""
ABSTRACT = frozenset(
    """
    amount angle area areas assumption condition constraint constraints degree depth direction distance end extent fact frequency height
    level likelihood location manner moment number one period place point points portion position positions premise pressure probability
    rate region requirement risk side speed stage temperature time times way
    """.split()
)
"""Nouns that a relative clause defines ("the time at which")."""
NOT_SUPERLATIVE = frozenset(
    """
    armrest arrest backrest chest contest crest digest footrest forest guest harvest headrest interest invest manifest nest protest quest
    request rest test vest west
    """.split()
)
"""Words in -est that are no superlatives."""
DIRECTED = frozenset(
    """
    axial backward circumferencial circumferential depth downward forward front-back front-rear height horizontal lateral left-right length
    longitudinal opposite peripheral radial same tangential thickness transverse up-down upward vertical width x x-axis y y-axis z z-axis
    """.split()
)
"""Words before "direction" or "plane" that say which."""
DIRECTIONS = frozenset(
    """
    axis direction directions plane planes
    """.split()
)
NOT_ADJECTIVES = frozenset(
    """
    additive adhesive archive auxiliary boundary cable capillary ceramic clinic derivative dictionary drive executable explosive fabric
    fixture glossary graphic library locomotive logic mechanic metric mosaic motive narrative objective plastic query summary table topic
    variable
    """.split()
)
"""Words with the ending of an adjective that name things."""
KINDS_WITH_NAMES = frozenset(
    """
    acid algorithm allele antigen assay base biomarker cell clone compound cytokine domain element enzyme exon family format gene genus
    haplotype kinase letter line locus marker method mutant mutation nucleotide pathway peptide plasmid polymorphism polypeptide position
    promoter protein protocol receptor region residue score sequence species standard strain subtype subunit suit symbol test transcript
    variable vector virus
    """.split()
)
"""Nouns (in the singular) before or after which a sign or an abbreviation is a name: "the gene CDH13", "the TCP protocol"."""
LABELLED = frozenset(
    """
    act agent block component composition compound condition constituent copolymer element feature fraction group ingredient item layer
    material monomer operation part phase polymer portion reactant resin solution stage step substance unit
    """.split()
)
"""Nouns (in the singular) that a label tells apart: "the component a)"."""
IRREGULAR = {
    "analyses": "analysis", "antennae": "antenna", "apices": "apex", "axes": "axis", "bacteria": "bacterium", "bases": "base",
    "criteria": "criterion",
    "feet": "foot", "foci": "focus", "halves": "half", "indices": "index", "knives": "knife", "leaves": "leaf", "loci": "locus", "matrices": "matrix",
    "mice": "mouse", "nuclei": "nucleus", "radii": "radius", "shelves": "shelf", "spectra": "spectrum", "stimuli": "stimulus", "teeth": "tooth",
    "vertices": "vertex", "vortices": "vortex", "vertebrae": "vertebra",
}  # fmt: skip
"""Plurals that a stemmer does not know."""
PARTS = frozenset(
    """
    base body border boundary core corner crown edge element end face fault field frame front gap head inner input inside interface interior
    layer load location material member mixture mouth opening outlet output outside part passage phase plane portion product profile rear
    region role route section segment slope space step surface tail tip top top-side topside underside wall wing
    """.split()
)
"""Of the parts and properties those (in the singular) that are also names of things: they are parts where an "of" says of what."""
TELLING = frozenset(
    """
    body cavity center centre combination condition conditions difference drawing equation exterior eye front group groups head image inside
    instant interior list lists majority mouth neck operation operations pairs product range ratio relation relations relationship
    relationships sequence stage stages structure subject tissue topside torso winner world
    """.split()
)
"""Words that need no antecedent by themselves, and do with a word that says which ("the operating condition", "the second group")."""
GENES = frozenset(
    """
    allele gene genes locus promoter receptor receptors
    """.split()
)
"""Nouns that another before them names: "the dystrophin gene"."""
