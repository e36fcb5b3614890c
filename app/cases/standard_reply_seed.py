"""The standard replies a new installation begins with; administrators change them on their page."""

SEED: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "resolved",
        "Dealt with",
        "已处理",
        "Thank you for your report {number}. What you told us about has been dealt with. If it"
        " comes back, please report it again.",
        "您好！您反映的问题（{number}）已处理完毕，感谢您对我们工作的支持。如再次出现，请随时上报。",
    ),
    (
        "partly",
        "Dealt with in part",
        "部分处理",
        "Thank you for your report {number}. Part of it has been dealt with. The rest takes more"
        " time; {unit} stays with it.",
        "您好！您反映的问题（{number}）已部分处理，其余事项需要一定时间，{unit}将继续跟进。",
    ),
    (
        "explained",
        "Looked into and explained",
        "已核实说明",
        "Thank you for your report {number}. {unit} has looked into it at {address}. By the rules"
        " that hold, nothing more can be done for the time being, because …",
        "您好！您反映的问题（{number}）经{unit}到{address}现场核实，按现行规定暂无法进一步处理，原因是……",
    ),
    (
        "unresolvable",
        "Cannot be resolved at present",
        "暂时无法解决",
        "Thank you for your report {number}. At present this cannot be resolved, because … We have"
        " noted it and shall take it up when that changes.",
        "您好！您反映的问题（{number}）目前暂时无法解决，原因是……我们已登记在册，条件具备后将再行处理。",
    ),
    (
        "referred",
        "Referred elsewhere",
        "已转其他单位",
        "Thank you for your report {number}. Another authority is responsible for this; we have"
        " passed it on to …, telephone …",
        "您好！您反映的问题（{number}）属其他单位职责，我们已转交……办理，联系电话……",
    ),
)
"""Outcome, title and text, the last two in English and Chinese; all hold for every category."""
