"""A blank spaCy pipeline for `unstructured` as LangChain uses it, in place of the model that it would download."""


def put_blank_pipeline() -> None:
    """Before the first partition. Raises ImportError where unstructured is not installed."""
    import spacy
    import unstructured.nlp.tokenize as tokenize
    from spacy.language import Language

    @Language.component("rule_tagger")
    def rule_tagger(doc):  # type: ignore[no-untyped-def]
        for token in doc:
            token.tag_ = "VB" if token.text.endswith(("ed", "ing", "s")) else "NN"
        return doc

    def blank():  # type: ignore[no-untyped-def]
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer")
        nlp.add_pipe("rule_tagger")
        return nlp

    tokenize._load_spacy_model = blank
