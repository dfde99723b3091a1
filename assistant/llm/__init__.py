"""Language models from one short spec, each a LangChain chat model.

| spec | what it is |
|---|---|
| `evidence` | no model: sentences are selected and quoted |
| `transformers:PATH_OR_ID` | a model on this machine, by transformers |
| `vllm:PATH_OR_ID` | a model on this machine, by vLLM, for batches |
| `openai:MODEL@http://host:port/v1` | any server with OpenAI's interface: `vllm serve`, llama.cpp, Ollama, … |

`+adapter=PATH` after a transformers or vllm spec adds a LoRA adapter; a server names its adapters as models.
"""

from assistant.llm.exchange import Exchange, Request, answer_all, answer_one
from assistant.llm.factory import chat_model, language_model
from assistant.llm.language_model import LanguageModel
from assistant.llm.settings import ModelSettings
from assistant.llm.spec import Spec

__all__ = ["Exchange", "LanguageModel", "ModelSettings", "Request", "Spec", "answer_all", "answer_one", "chat_model", "language_model"]
