"""Words that the reading of English noun phrases needs: see `assistant.claims.english`."""

SKIPPED = frozenset(
    """
    above-described above-identified above-mentioned additional aforementioned aforesaid all any associated at both certain corresponding
    different each eight entire every five four given individual least more multiple nine obtained of one or pair particular plurality
    preselected previously remaining respective respectively resulting said set seven several single six so-called specific ten than the
    three two various whole
    """.split()
)
"""Quantifiers and the like between an article and its noun."""
STOP = frozenset(
    """
    a about above according across adapted adjacent after again against all along also am among amongst an and any are around arranged as at
    backward backwards based be because been before behind being below beneath besides between beyond both but by can cannot characterised
    characterized comprise comprised comprises comprising configured consist consisting consists contain containing contains could did do
    does down downward downwards due during e.g each either equal etc even every except for forward forwards from further furthermore
    greater had has have having he her herein his i.e if in include includes including independent inside instead into inward inwards is it
    its just less like may might modulo more must near neither no nor not of off on once only onto operable operative opposite or out
    outside outward outwards over per prior rather relative respectively responsive said selected shall she should since so still subsequent
    such than that the their then there thereafter therebetween thereby therefrom therein thereof thereon thereto thereunder therewith these
    they this those through throughout to together toward towards under unless until up upon upward upwards used using via was we were when
    where whereas whereby wherein which while who whom whose will with within without would yet
    """.split()
)
"""Words that end a noun phrase."""
VERBS = frozenset(
    """
    absorbs abut abuts act acts align aligns allow allows applies apply at bear bears become becomes carries carry cause causes closes come
    comes connect connects control controls convert converts correspond corresponds cover covers create creates decreases define defines
    depend depends detect detects determine determines differ differs displays drive drives enable enables engage engages enters exceed
    exceeds execute executes exits extend extends faces fall falls flows forms generate generates go goes hold holds identifies identify
    increases indicate indicates initiates intersect intersects least lie lies maintain maintains make makes meet meets mesh meshes move
    moves occur occurs opens operate operates outputs overlap overlaps pass passes perform performs processes produce produces projects
    provide provides ranges reach reaches react reacts receive receives remain remains represent represents require requires respond
    responds rest rests retains rotate rotates run runs satisfies satisfy select selectively selects send sends serve serves store stores
    substantially support supports surround surrounds take takes tend tends terminates touch touches transmit transmits use uses varies vary
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
    touch touches overlap overlaps intersect intersects align aligns rest rests mesh meshes meet abuts bear bears
    anomaly apply assemblies assembly butterfly early family fly july likely monopoly multiply only ply poly reply sly supply
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
    above absence accompanying act acts aid air alternative ambient and art atmosphere average back balance basis below bladder blood
    bloodstream body bottom brain cartilage case cavity center centre claim claims colon combination condition conditions contents contrary
    cornea course description difference drawing drawings earth entirety environment equation equations esophagus event existence expression
    extent exterior eye fact figure figures fly following foregoing former formula formulae front general ground group groups heart help
    human improvement improvements inequality inside instant interior internet intestine invention inverse kidney latter left like list
    lists liver long-term lung lungs majority manner maximum mean meantime meta method-step middle minimum moment mouth naked neck number
    numbers ocean oesophagus one ones operation operations opposed opposite or order ortho other others outside pain pairs pancreas para
    patient's ph preceding presence present product provision proviso provisos public purpose quotient range ratio rear relation relations
    relationship relationships remainder rest result retina reverse right same scalp sea sequence short-term shoulders skin skull sky
    specification spine stage stages step steps stomach structural structure subject sum sun synovia synovial time-being tissue top topside
    torso total totality tract universe use user's vicinity way winner world
    """.split()
)
"""Words that need no antecedent: of the art of writing claims, or of things that there is one of."""
INHERENT = frozenset(
    """
    ability absence act acts age amount amounts amplitude angle angles approval area arrival availability axes axis back balance base
    beginning behavior behaviour body border bottom boundaries boundary breadth center centre change changes characteristic characteristics
    circumference class color colour completion composition concentration conclusion condition conditions content contents contour
    coordinate coordinates core corner corners cost course cross-section crown current curvature date decrease degree density depth design
    detail details diameter difference dimension dimensions direction directions distance distances drop duration edge edges effect effects
    elements end ends energy existence exit expiration exterior face faces fault feature features field flow force forces form fraction
    frequencies frequency front function functions gain gap gender genome geometry gradient growth half halves hardness head height history
    identifier identifiers identity increase index indices influence inner input inputs inside instant intensity interface interfaces
    interior interval intervals kind kinds left length level levels likelihood limit limits load loads location locations loss lower
    majority mass masses material materials member members middle mixture moment motion mouth movement name nature need number numbers
    occurrence onset order orientation outer outline output outputs outset outside parallax part parts passage pattern percentage
    performance perimeter period periphery phase plane point points portion portions position positions power presence pressure price
    probability process product profile properties property proportion purpose quality quantity radii radius range rate rates ratio rear
    refusal region regions release remainder removal renewal rest result results right risk role roughness route routes sake section
    sections segment segments sequence sex shape side sides size slope space span speed start state states status step steps strain stress
    sum surface synthesis tail temperature thickness threshold time times tip top top-side torque travel type types underside upper usage
    use value values view viscosity voltage volume wall walls wavelength weight width withdrawal
    """.split()
)
"""Parts and properties that a thing has by its nature."""
NOT_NOMINAL = frozenset(
    """
    ambulance animal animals aperture apertures appliance application applications attachment bandage bath bearing bearings building
    buildings bushing cable cartridge casing cavities cavity cement chemical chemicals closure cloth coating coatings commodity compartment
    compartments conveyance coupling couplings crystal crystals cushion device document documents element elements entities entity entrance
    extension extensions facilities facility filament fitting fixture fluence garment hospital housing housings image images instrument
    instruments journal ligament material materials medal message messages metal metals mineral mixture mixtures mouth opening openings
    package packages page pages panel passage passages path paths pedal pharmaceutical portion portions ring rings section sections segment
    segments sequence signal signals solution solutions spring springs station stations string strings structure structures substance teeth
    terminal terminals tooth utility winding windings wing
    """.split()
)
"""Words with the ending of an action or a property that name things."""
ABSTRACT = frozenset(
    """
    amount angle area areas degree depth direction distance end extent frequency height level location manner moment number one period place
    point points portion position positions pressure rate region side speed stage temperature time times way
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
