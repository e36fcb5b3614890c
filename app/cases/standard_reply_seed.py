"""The standard replies a new installation begins with; administrators change them on their page."""

SEED: tuple[tuple[str, str, str, str, str, str], ...] = (
    (
        "",
        "resolved",
        "Dealt with",
        "已处理",
        "Thank you for your report {number}. What you told us about has been dealt with. If it"
        " comes back, please report it again.",
        "您好！您反映的问题（{number}）已处理完毕，感谢您对我们工作的支持。如再次出现，请随时上报。",
    ),
    (
        "",
        "partly",
        "Dealt with in part",
        "部分处理",
        "Thank you for your report {number}. Part of it has been dealt with. The rest takes more"
        " time; {unit} stays with it.",
        "您好！您反映的问题（{number}）已部分处理，其余事项需要一定时间，{unit}将继续跟进。",
    ),
    (
        "",
        "explained",
        "Looked into and explained",
        "已核实说明",
        "Thank you for your report {number}. {unit} has looked into it at {address}. By the rules"
        " that hold, nothing more can be done for the time being, because …",
        "您好！您反映的问题（{number}）经{unit}到{address}现场核实，按现行规定暂无法进一步处理，原因是……",
    ),
    (
        "",
        "unresolvable",
        "Cannot be resolved at present",
        "暂时无法解决",
        "Thank you for your report {number}. At present this cannot be resolved, because … We have"
        " noted it and shall take it up when that changes.",
        "您好！您反映的问题（{number}）目前暂时无法解决，原因是……我们已登记在册，条件具备后将再行处理。",
    ),
    (
        "",
        "referred",
        "Referred elsewhere",
        "已转其他单位",
        "Thank you for your report {number}. Another authority is responsible for this; we have"
        " passed it on to …, telephone …",
        "您好！您反映的问题（{number}）属其他单位职责，我们已转交……办理，联系电话……",
    ),
    (
        "",
        "outside_district",
        "Outside the district",
        "不属本区管辖",
        "Thank you for your report {number}. The place you name lies outside this district, so"
        " that we cannot deal with it here. Please turn to …, telephone …",
        "您好！您反映的问题（{number}）所在地点不属本区管辖，我们无法受理，请向……反映，联系电话……",
    ),
    (
        "",
        "not_public",
        "A private matter",
        "属民事纠纷",
        "Thank you for your report {number}. It is a matter between private parties, which a"
        " public office cannot decide. You can ask the people’s mediation committee of your"
        " community to mediate, or go to court.",
        "您好！您反映的问题（{number}）属民事纠纷，不在行政部门受理范围。您可向所在社区人民调解委员会申请调解，或通过诉讼途径解决。",
    ),
    (
        "H01",
        "not_public",
        "Neighbours: mediation",
        "邻里纠纷：可申请调解",
        "Thank you for your report {number}. A quarrel between neighbours cannot be decided by a"
        " public office. The community workstation gladly brings both sides together: …,"
        " telephone …",
        "您好！您反映的邻里纠纷（{number}）不属行政部门裁决事项。社区工作站可组织双方调解，联系人……，联系电话……",
    ),
    (
        "H02",
        "not_public",
        "Property contract",
        "物业合同纠纷",
        "Thank you for your report {number}. It is about the contract between owners and the"
        " property firm. Please turn to the owners’ committee; the community workstation can"
        " bring both sides together: …",
        "您好！您反映的问题（{number}）属业主与物业服务企业之间的合同纠纷，请先向业主委员会反映；社区工作站可协助双方协商，联系电话……",
    ),
    (
        "",
        "other_channel",
        "Another procedure",
        "应通过其他途径",
        "Thank you for your report {number}. Another procedure is laid down for this, so that we"
        " cannot take it here. Please turn to …, telephone …",
        "您好！您反映的问题（{number}）应通过其他法定途径办理，我们无法受理，请向……提出，联系电话……",
    ),
    (
        "H03",
        "other_channel",
        "Petition office",
        "信访事项",
        "Thank you for your report {number}. A petition is received by the petition office,"
        " which answers you in writing: …, telephone …",
        "您好！您反映的问题（{number}）属信访事项，请向信访部门提出，由其书面答复，地址……，联系电话……",
    ),
    (
        "G02",
        "other_channel",
        "Consumer hotline",
        "消费投诉渠道",
        "Thank you for your report {number}. Complaints of consumers are received at 12315, with"
        " the receipt and the name of the shop.",
        "您好！您反映的消费纠纷（{number}）请通过12315提出，并提供购物凭证和商家名称。",
    ),
    (
        "",
        "no_facts",
        "It does not say what or where",
        "内容不具体",
        "Thank you for your report. It does not say clearly what it is about, or where, so that"
        " nobody can look at it. Please report again with the place, the time and, if you can, a"
        " photo.",
        "您好！您反映的内容未说明具体事项或地点，我们无法核实。请补充地点、时间，并尽量附照片后重新上报。",
    ),
    (
        "",
        "unfounded",
        "Checked, and not so",
        "经核实不属实",
        "Thank you for your report {number}. We looked at {address} on … and did not find what"
        " you describe. If it comes back, please report it again with a photo.",
        "您好！您反映的问题（{number}），我们于……到{address}核实，未发现所述情况。如再次出现，请附照片重新上报。",
    ),
    (
        "E",
        "unfounded",
        "Not met at the time",
        "检查时未发现",
        "Thank you for your report {number}. We looked at {address} on … and … and did not meet"
        " with it at these times. Please tell us the hours at which it happens.",
        "您好！您反映的问题（{number}），我们于……、……两次到{address}检查，当时未发现。请告知发生的时间段，以便我们再次检查。",
    ),
    (
        "",
        "false",
        "Not as reported",
        "与反映情况不符",
        "We looked on the spot at {address} on … and found: … That is not as it was reported.",
        "我们于……到{address}现场核实，实际情况为：……，与反映情况不符。",
    ),
    (
        "",
        "not_found",
        "Nothing was found there",
        "现场未找到",
        "We looked for it at {address} on … and found nothing of the kind. Please name the place"
        " more closely, or add a photo.",
        "我们于……到{address}现场核实，未找到所反映的情况。请提供更准确的位置或照片。",
    ),
    (
        "",
        "uphold",
        "The rejection stands",
        "维持不予受理",
        "We have looked at your report {number} once more, together with what you wrote. The"
        " rejection stands, because … Please turn to …",
        "您好！我们对您反映的问题（{number}）及补充的理由进行了复核，决定维持不予受理，理由是……请向……反映。",
    ),
    (
        "",
        "refuse",
        "Not withdrawn",
        "不同意撤回",
        "Thank you for writing. Report {number} is not withdrawn, because … It goes on, and you"
        " are told how it ends.",
        "您好！您申请撤回的事项（{number}）不同意撤回，理由是……办理将继续进行，结果会告知您。",
    ),
    (
        "F",
        "refuse",
        "Safety goes on",
        "涉及公共安全不予撤回",
        "Thank you for writing. Report {number} is about the safety of everybody, so it goes on"
        " without you having to do anything more. You are told how it ends.",
        "您好！您申请撤回的事项（{number}）涉及公共安全，须继续办理，您无需再做任何操作，办理结果会告知您。",
    ),
)
"""Category (empty: every one), outcome, title and text, the last two in English and Chinese.

The outcome is a choice of the form at whose field the reply is offered: `handle.result`,
`close.close_code`, `triage.reject_code`, `verify_report.finding`, `review_rejection.verdict`,
`confirm_withdrawal.verdict`.
"""
