"""Scores that were published of other models: measured on other data and under other conditions, so a reference and no comparison."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    model: str
    measure: str
    score: str
    source: str


PUBLISHED = (
    Published("Patent-LLaMA", "key information F1 (problem, means, effect)", "0.628, 0.459, 0.428", "its repository"),
    Published("Patent-LLaMA", "title: BLEU, ROUGE-L F1", "0.715, 0.562", "its repository"),
    Published("Patent-LLaMA", "translation BLEU en-zh, zh-en", "0.542, 0.400", "its repository"),
    Published("Patent-LLaMA", "C-Eval", "31.8", "its repository"),
    Published("llama-chinese tutorial", "entities: ROUGE-1/2/L, BLEU-4", "82.4, 77.2, 78.8, 72.2", "its repository"),
    Published("MoZi-7B", "MoZIP PatentMatch en, zh", "25.8, 29.0", "Ni et al. 2024"),
    Published("MoZi-7B", "MoZIP IPQuiz, average", "39.4 (ChatGPT 49.6)", "Ni et al. 2024"),
    Published("PatentGPT-1.0-Dense-70B", "MoZIP PatentMatch en, zh", "66.2, 72.0", "Bai et al. 2024"),
    Published("PatentGPT", "patent agent examination of China, 2019", "65", "Bai et al. 2024"),
    Published("Qwen2-7B", "MoZIP PatentMatch en, zh; with retrieval", "31.4, 47.0; 49.2, 68.2", "MemGraph"),
    Published("GLM-4-9B", "MoZIP PatentMatch en, zh; with retrieval; with MemGraph", "66.4, 65.0; 75.8, 69.4; 82.8, 80.8", "MemGraph"),
)
