"""Sentences in documents that are addressed to an assistant and not to a reader of the patent.

A patent has no reason to say "ignore all previous instructions" or 你现在是一个助手. Such a sentence is not shown to the language model and can't be
cited; the rest of its passage is. The patterns name an assistant's instructions, role, answer or prompt together with an order, and not
words that patents on computing use (a processor that ignores an instruction, a system prompt that is generated);
`benchmarks/injections.py` counts what they find in real patents.
"""

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ORDERS = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override|bypass)\b[^.;]{0,30}\b(?:previous|prior|above|earlier|preceding|all|any|your|the\s+system|system)\b
        [^.;]{0,30}\b(?:instructions?|prompts?|rules|directions|guidelines|context|excerpts|guardrails)\b
    | \b(?:ignore|disregard|forget)\s+(?:everything|all|what)\b[^.;]{0,20}\b(?:above|before|told|said|learned)\b
    | \b(?:you\s+are|act|behave|pretend\s+to\s+be|role-?play)\b[^.;]{0,12}\b(?:now|as|no\s+longer)\b[^.;]{0,30}
        \b(?:assistant|ai|chatbot|language\s+model|llm|gpt|dan|developer\s+mode|unrestricted|jailbroken|admin(?:istrator)?)\b
    | \b(?:dear|attention|note\s+to|message\s+(?:to|for)|instructions?\s+(?:to|for)|hey|hello)\b[^.;]{0,14}
        \b(?:ai|llm|gpt|chatgpt|assistant|language\s+model|chatbot|copilot|summari[sz]er)\b
    | \b(?:reveal|print|repeat|output|show|leak|send|tell\s+me)\b[^.;]{0,25}\b(?:your|the)\s+(?:hidden\s+|secret\s+|initial\s+)?
        (?:system\s+prompt|system\s+message|api\s+key|password|instructions\s+above)
    | \b(?:answer|respond|reply|say|state|write|output|claim|report|conclude)\b\s+(?:(?:only|just|exactly|always)\s+
        (?:with\s+|that\s+)?the\s+(?:word|text|phrase|following)\b|(?:with\s+|that\s+)?["“'‘][^"”'’]{1,80}["”'’]\s+(?:and\s+nothing|to\s+(?:every|any|all)))
    | \b(?:when|if|whenever)\s+(?:you\s+are\s+)?asked\b[^.;]{0,60}\b(?:answer|respond|reply|say|state|tell)\b
    | \b(?:do\s+not|don't|never)\s+(?:cite|quote|mention|point\s+at)\b[^.;]{0,30}\b(?:sentences?|excerpts?|sources?|citations?|this\s+instruction)\b
    | \b(?:your|the)\s+(?:next|final|only)\s+(?:answer|reply|response|statement)\s+(?:must|should|shall|is|will)\b
    | \byou\s+(?:must|should|shall|will|have\s+to)\s+(?:now\s+)?(?:answer|respond|reply|say|output|conclude|cite|write|state|tell)\b
    | \b(?:new|updated|real|actual)\s+(?:system\s+)?(?:instructions?|prompt)\s*[:：]
    | ^\W*(?:system|assistant|user|human|developer)\s*[:：]\s*\S
    | ^\W*(?:please\s+)?(?:say|answer|respond|reply|tell\s+the\s+user)\s+(?:that|only|with)\b
    | "(?:statements|sentences|missing)"\s*:
    | (?:忽略|无视|忘记|忘掉|不要理会|绕过)[^。；]{0,6}(?:之前|以上|上述|前面|先前|所有|一切|系统|你的)[^。；]{0,6}
        (?:指令|指示|提示词?|规则|要求|设定|摘录)
    | (?:你|您)(?:现在|从现在起|将|要|必须|应该?|需要|只能)[^。；]{0,6}(?:是|扮演|充当|回答|答复|回复|输出|声明|说|写|引用)
    | (?:请|务必|必须|直接|只需|只)(?:你|您)?[^。；]{0,4}(?:回答|答复|回复|输出|声称|说)(?:[^。；]{0,4})[：:“"「『]
    | (?:当|如果|一旦)(?:你|您|被|有人)[^。；]{0,6}(?:问|提问|询问)[^。；]{0,20}(?:回答|答复|说|回复|输出)
    | (?:致|告|给|请)(?:人工智能|AI|大?语言模型|助手|大模型|智能助手)
    | (?:人工智能|AI|语言模型|大模型|智能)助手(?:请|须|应|必须|注意|[：:，,])
    | (?:泄露|打印|输出|显示|重复|公开|告诉)[^。；]{0,6}(?:你的[^。；]{0,6}(?:密钥|密码|指令)|系统提示|提示词|系统消息)
    | (?:不要|不得|禁止|切勿)(?:引用|提及|指向|使用)[^。；]{0,8}(?:句子|摘录|来源|出处|本指令|这条)
    | ^\W*(?:助手|用户|开发者|系统(?:指令|消息|提示))\s*[：:]\s*\S
    | (?<![刷更重最])新的?(?:系统)?(?:指令|提示词)\s*[：:]
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)


def orders(text: str) -> bool:
    """Whether a sentence gives orders to an assistant. Characters that can't be seen, and other widths, hide nothing."""
    return bool(_ORDERS.search(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))))
