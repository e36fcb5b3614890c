"""The sentences a form says to the person who fills it in, in both languages, as data.

`rules` and `shapes` raise `FieldError`s by code; doors and templates print `sentence(error)`. The
few words `render` needs itself (buttons of rows, the five grades) are `words(code, language)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

ENGLISH = "en"
CHINESE = "zh-CN"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one answer: a stable code and the numbers or words its sentence needs."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


Errors: TypeAlias = dict[str, list[FieldError]]

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "required": {ENGLISH: "Enter an answer.", CHINESE: "请填写此项。"},
    "required_choice": {ENGLISH: "Choose an answer.", CHINESE: "请选择一项。"},
    "required_tick": {ENGLISH: "Tick the box to go on.", CHINESE: "请勾选后继续。"},
    "required_file": {ENGLISH: "Add at least one file.", CHINESE: "请至少添加一个文件。"},
    "required_photo": {ENGLISH: "Add at least one photo.", CHINESE: "请至少添加一张照片。"},
    "required_point": {ENGLISH: "Mark the place on the map.", CHINESE: "请在地图上标出位置。"},
    "required_position": {ENGLISH: "Record where you stand.", CHINESE: "请点“我的位置”。"},
    "text": {ENGLISH: "Enter text.", CHINESE: "请填写文字。"},
    "number": {
        ENGLISH: "Enter a number in digits, for example 12.",
        CHINESE: "请用数字填写，例如 12。",
    },
    "number_size": {
        ENGLISH: "This number is too long: at most 15 digits can be kept exactly.",
        CHINESE: "数字过长：最多精确保留 15 位。",
    },
    "integer": {
        ENGLISH: "Enter a whole number, without decimals.",
        CHINESE: "请填写整数，不带小数。",
    },
    "digits": {
        ENGLISH: "At most {limit} digits after the decimal point.",
        CHINESE: "小数点后最多 {limit} 位。",
    },
    "step": {
        ENGLISH: "Enter {below} or {above}: the steps are {step}.",
        CHINESE: "请填写 {below} 或 {above}：每档为 {step}。",
    },
    "min": {ENGLISH: "Enter {limit} or more.", CHINESE: "不能小于 {limit}。"},
    "max": {ENGLISH: "Enter {limit} or less.", CHINESE: "不能大于 {limit}。"},
    "min_length": {
        ENGLISH: "Write at least {limit} characters; there are {length}.",
        CHINESE: "至少填写 {limit} 个字，现有 {length} 个字。",
    },
    "max_length": {
        ENGLISH: "Write at most {limit} characters; there are {length}.",
        CHINESE: "最多填写 {limit} 个字，现有 {length} 个字。",
    },
    "pattern": {
        ENGLISH: "This is not in the expected form.",
        CHINESE: "格式不符合要求。",
    },
    "email": {
        ENGLISH: "Enter an e-mail address, for example name@example.com.",
        CHINESE: "请填写电子邮箱，例如 name@example.com。",
    },
    "phone": {
        ENGLISH: "Enter a telephone number, for example 13800138000 or 021-12345678.",
        CHINESE: "请填写电话号码，例如 13800138000 或 021-12345678。",
    },
    "option": {
        ENGLISH: "Choose one of the answers offered.",
        CHINESE: "请从所列选项中选择。",
    },
    "checkbox": {
        ENGLISH: "This can only be ticked or left empty.",
        CHINESE: "此项只能勾选或留空。",
    },
    "date": {
        ENGLISH: "Enter a date as year-month-day, for example 2026-03-31.",
        CHINESE: "请按“年-月-日”填写日期，例如 2026-03-31。",
    },
    "time": {
        ENGLISH: "Enter a time of day, for example 16:30.",
        CHINESE: "请填写时间，例如 16:30。",
    },
    "datetime": {
        ENGLISH: "Enter a date and a time, for example 2026-03-31 16:30.",
        CHINESE: "请填写日期和时间，例如 2026-03-31 16:30。",
    },
    "past": {
        ENGLISH: "This day is over: enter today ({today}) or later.",
        CHINESE: "该日期已过，请填写今天（{today}）或以后的日期。",
    },
    "earliest": {
        ENGLISH: "This is too early: enter {limit} or later.",
        CHINESE: "时间过早，请填写 {limit} 或以后的时间。",
    },
    "latest": {
        ENGLISH: "This is too late: enter {limit} or earlier.",
        CHINESE: "时间过晚，请填写 {limit} 或以前的时间。",
    },
    "point": {
        ENGLISH: "Mark the place on the map again: it is no latitude and longitude.",
        CHINESE: "请重新在地图上标出位置：经纬度不正确。",
    },
    "file": {
        ENGLISH: "A file did not arrive. Add it again.",
        CHINESE: "文件未上传成功，请重新添加。",
    },
    "one_file": {ENGLISH: "Keep one file only.", CHINESE: "只能保留一个文件。"},
    "many_files": {
        ENGLISH: "Keep at most {limit} files.",
        CHINESE: "最多保留 {limit} 个文件。",
    },
    "many_rows": {ENGLISH: "Keep at most {limit} entries.", CHINESE: "最多保留 {limit} 条。"},
    "shape": {
        ENGLISH: "This arrived in a form that cannot be read. Enter it again.",
        CHINESE: "内容无法识别，请重新填写。",
    },
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "add": {ENGLISH: "Add another", CHINESE: "再加一条"},
    "add_to": {ENGLISH: "Add another: {label}", CHINESE: "再加一条：{label}"},
    "remove": {ENGLISH: "Remove {number}", CHINESE: "删除第 {number} 条"},
    "row": {ENGLISH: "{label} {number}", CHINESE: "{label} {number}"},
    "grade_1": {ENGLISH: "Very satisfied", CHINESE: "非常满意"},
    "grade_2": {ENGLISH: "Satisfied", CHINESE: "满意"},
    "grade_3": {ENGLISH: "Fair", CHINESE: "基本满意"},
    "grade_4": {ENGLISH: "Dissatisfied", CHINESE: "不满意"},
    "grade_5": {ENGLISH: "Very dissatisfied", CHINESE: "非常不满意"},
    "point_of_device": {
        ENGLISH: "{point} (position of the device, accurate to {metres} m)",
        CHINESE: "{point}（设备定位，精度约 {metres} 米）",
    },
    "point_of_device_only": {
        ENGLISH: "{point} (position of the device)",
        CHINESE: "{point}（设备定位）",
    },
    "point_on_map": {
        ENGLISH: "{point} (tapped on the map by hand)",
        CHINESE: "{point}（手工在地图上点选）",
    },
    "point_typed": {ENGLISH: "{point} (typed by hand)", CHINESE: "{point}（手工填写）"},
    "comma": {ENGLISH: ", ", CHINESE: "、"},
    "yes": {ENGLISH: "Yes", CHINESE: "是"},
    "no": {ENGLISH: "No", CHINESE: "否"},
}


def sentence(error: FieldError, language: str = ENGLISH) -> str:
    """Return the sentence for an error; a form's own message for a pattern takes precedence."""
    own = error.params.get("message")
    return own or _filled(SENTENCES[error.code], language, error.params)


def words(code: str, language: str, **params: str) -> str:
    """Return words of the page itself, such as a row's button or a grade."""
    return _filled(WORDS[code], language, params)


def _filled(texts: Mapping[str, str], language: str, params: Mapping[str, str]) -> str:
    text = texts.get(language) or texts[CHINESE if language.startswith("zh") else ENGLISH]
    return text.format_map(dict(params))
