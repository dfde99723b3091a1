import pytest

from assistant.tasks.orders import orders

PATENTS = [
    "The processor ignores the instruction and fetches the next one.",
    "The rules of the system are stored in a memory, and prior rules are deleted.",
    "The user is asked for a password, and the answer is output to the display.",
    "The chatbot generates a reply to the prompt and shows it to the user.",
    "A system prompt is prepended to the prompt of the user before the language model is called.",
    "The assistant device outputs the word “ready” to the operator.",
    "The above system: a pump and a seal.",
    "If the user is asked for consent, the server stores the answer given.",
    "The ring is made of graphite.",
    "用户输入的刷新指令作为排序指令。",
    "处理器忽略该指令并读取下一条指令。",
    "系统：包括泵和密封件。",
    "所述显示模块用于显示密码。",
    "语音助手根据用户的指令输出回答。",
    "当用户询问天气时，服务器返回天气信息。",
    "密封环由石墨制成。",
]


@pytest.mark.parametrize("text", PATENTS)
def test_what_patents_say_is_no_order(text):
    assert not orders(text)
