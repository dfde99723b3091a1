"""What people say, and what the Chinese patent laws write for it: a question about 多久 is answered by an article about a 期限.

Written by hand from the vocabulary of the laws. A question gets the laws' words in addition to its own.
"""

_SAID = """
多久 多长时间 多少年 几年 几天 几个月 : 期限 之日起
什么时候 何时 最晚 截止 : 期限 之日起
多少钱 收费 费用 价钱 : 费用 缴纳
交钱 缴费 交费 付费 没交 : 缴纳 费用 年费
最多 上限 封顶 : 不得超过 不超过
最少 最低 至少 : 不少于
公司 企业 老板 雇主 : 单位
员工 雇员 职工 上班 工作中 : 单位 职务发明创造
做出 搞出 研发 研究出 : 完成 发明创造
国外 海外 出国 外国公司 : 外国 向外国申请
老外 外国人 : 外国人 外国企业
授权 拿到专利 得到专利 能申请专利 : 授予专利权
不能申请 不给专利 : 不授予专利权
新不新 新颖 还算新 公开过 : 新颖性 现有技术
显而易见 创造性 : 创造性 现有技术 实质性特点
谁的 归谁 属于谁 : 属于 申请专利的权利 专利权人
一起 合作 共同 合伙 : 共同 合作完成 共有
同一个 一样的 相同的 : 同样的发明创造
先后 抢先 谁先 : 最先申请
转让 卖掉 买卖 卖给 : 转让 登记 合同
许可 授权别人 让别人用 : 许可 实施许可合同
打官司 官司 告 : 诉讼 起诉 人民法院
时效 : 诉讼时效
侵权 偷用 擅自 盗用 : 侵犯专利权 未经专利权人许可
不算侵权 算侵权 : 不视为侵犯专利权
赔 赔偿 损失 : 赔偿数额 损失
罚 处罚 罚款 : 罚款 责令改正 赔偿
冒充 假的 假冒 : 假冒专利
退钱 退还 退回 : 返还 退还
改 修改 更正 改动 : 修改 补正
交 递交 提出 上交 : 提交 提出
寄 邮寄 快递 : 邮寄 邮戳日
收到 送到 : 送达 收到通知
耽误 错过 迟到 过期 : 延误 期限 恢复权利
不可抗力 天灾 : 不可抗拒的事由
驳回 被拒 不通过 : 驳回 复审
不服 有意见 申诉 : 不服 复审 起诉
无效 作废 推翻 : 宣告专利权无效
失效 终止 到期 : 终止 期限届满
撤 撤回 放弃 : 撤回 放弃
保密 国家机密 : 保密审查 国家安全
奖励 奖金 报酬 分成 : 奖励 报酬
署名 写名字 : 写明 发明人
代理 律师 : 专利代理机构 委托
法院 法官 : 人民法院
专利局 审查员 官方 : 国务院专利行政部门
强制 政府要求 : 强制许可
药 药品 新药 : 药品 上市
外观 设计 款式 : 外观设计
样品 细胞 菌 : 生物材料 保藏
图 图纸 照片 : 附图 图片
几部分 哪几个部分 怎么写 写法 : 应当包括 撰写 写明
条件 要求 : 应当具备 应当符合
国际申请 PCT : 国际申请 进入中国国家阶段
拆分 分开 分成两件 分案 : 分案申请
复印 查阅 查看 : 查阅 复制
实验 科研 研究 : 科学研究 实验
补交 补充 后交 : 补充 证据
理解 解释 什么意思 : 解释 含义 界定
错字 笔误 写错 : 明显错误
"""
LEGAL_WORDS = {said: tuple(written.split()) for line in _SAID.strip().split("\n") for words, written in [line.split(" : ")] for said in words.split()}


def with_legal_words(question: str) -> str:
    """A question with the words that laws use for what it says.

    >>> with_legal_words("打官司要多久？")
    '打官司要多久？ 期限 之日起 诉讼 起诉 人民法院'
    """
    added = dict.fromkeys(word for said, written in LEGAL_WORDS.items() if said in question for word in written if word not in question)
    return " ".join((question, *added))
