"""Names for the synthetic district: (English, Chinese) of units, and parts of people's names."""

from typing import TypeAlias

Term: TypeAlias = tuple[str, str]

DISTRICT: Term = ("Yunhe District (synthetic)", "云河区（合成演示）")

STREETS: tuple[Term, ...] = (
    ("Heping", "和平"),
    ("Dongguan", "东关"),
    ("Xiguan", "西关"),
    ("Nanhu", "南湖"),
    ("Beiling", "北岭"),
    ("Binhe", "滨河"),
    ("Xincheng", "新城"),
    ("Kaiyuan", "开元"),
)

COMMUNITIES: tuple[Term, ...] = (
    ("Xingfu", "幸福"),
    ("Guangming", "光明"),
    ("Jianshe", "建设"),
    ("Tuanjie", "团结"),
    ("Chaoyang", "朝阳"),
    ("Yucai", "育才"),
    ("Wenhua", "文化"),
    ("Gulou", "鼓楼"),
    ("Zhonglou", "钟楼"),
    ("Dongmen", "东门"),
    ("Ximen", "西门"),
    ("Nanmen", "南门"),
    ("Beimen", "北门"),
    ("Huayuan", "花园"),
    ("Cuihu", "翠湖"),
    ("Liulin", "柳林"),
    ("Taoyuan", "桃园"),
    ("Xinghua", "杏花"),
    ("Meiyuan", "梅园"),
    ("Guiyuan", "桂园"),
    ("Songbai", "松柏"),
    ("Yinxing", "银杏"),
    ("Wutong", "梧桐"),
    ("Haitang", "海棠"),
    ("Lianhua", "莲花"),
    ("Hehua", "荷花"),
    ("Qingquan", "清泉"),
    ("Longquan", "龙泉"),
    ("Fengming", "凤鸣"),
    ("Hexiang", "鹤翔"),
    ("Yueliang", "月亮湾"),
    ("Xiyang", "夕阳红"),
    ("Chenguang", "晨光"),
    ("Shuguang", "曙光"),
    ("Yangguang", "阳光"),
    ("Chunhui", "春晖"),
    ("Qiushi", "求实"),
    ("Zhixin", "知新"),
    ("Mingde", "明德"),
    ("Renhe", "仁和"),
    ("Taihe", "泰和"),
    ("Anju", "安居"),
    ("Leye", "乐业"),
    ("Fumin", "富民"),
    ("Huimin", "惠民"),
    ("Limin", "利民"),
    ("Xinmin", "新民"),
    ("Aimin", "爱民"),
    ("Yongan", "永安"),
    ("Changan", "长安"),
    ("Pingan", "平安"),
    ("Tiedong", "铁东"),
    ("Tiexi", "铁西"),
    ("Yunhe", "运河"),
    ("Qiaotou", "桥头"),
    ("Matou", "码头"),
    ("Xinyuan", "馨园"),
)

# Code, English name, Chinese name.
DEPARTMENTS: tuple[tuple[str, str, str], ...] = (
    ("D-URBAN", "Urban Management Bureau", "城市管理局"),
    ("D-HOUSING", "Housing and Construction Bureau", "住房和城乡建设局"),
    ("D-ENV", "Ecology and Environment Bureau", "生态环境局"),
    ("D-EMERG", "Emergency Management Bureau", "应急管理局"),
    ("D-MARKET", "Market Regulation Bureau", "市场监督管理局"),
    ("D-POLICE", "Public Security Bureau", "公安局"),
    ("D-CIVIL", "Civil Affairs Bureau", "民政局"),
    ("D-HEALTH", "Health Commission", "卫生健康委员会"),
    ("D-TRAFFIC", "Transport Bureau", "交通运输局"),
    ("D-WATER", "Water Affairs Bureau", "水务局"),
    ("D-PARKS", "Parks and Greening Bureau", "园林绿化局"),
    ("D-JUSTICE", "Justice Bureau", "司法局"),
    ("D-PETITION", "Petitions Bureau", "信访局"),
    ("D-DATA", "Data and Government Services Bureau", "数据和政务服务局"),
)

# Other bodies of the district that have a Party organisation of their own.
OTHER_BODIES: tuple[Term, ...] = (
    ("Party Committee Office", "区委办公室"),
    ("Government Office", "区政府办公室"),
    ("People's Congress Office", "区人大常委会办公室"),
    ("Political Consultative Conference Office", "区政协办公室"),
    ("Discipline Inspection Commission", "区纪委监委"),
    ("Organisation Department", "组织部"),
    ("Publicity Department", "宣传部"),
    ("United Front Work Department", "统战部"),
    ("Political and Legal Affairs Commission", "政法委员会"),
    ("Staffing Commission Office", "机构编制委员会办公室"),
    ("Party School", "区委党校"),
    ("Federation of Trade Unions", "总工会"),
    ("Youth League Committee", "团区委"),
    ("Women's Federation", "妇女联合会"),
    ("Association for Science and Technology", "科学技术协会"),
    ("Federation of Industry and Commerce", "工商业联合会"),
    ("Disabled Persons' Federation", "残疾人联合会"),
    ("Red Cross Society", "红十字会"),
    ("Development and Reform Bureau", "发展和改革局"),
    ("Education and Sports Bureau", "教育体育局"),
    ("Industry and Information Bureau", "工业和信息化局"),
    ("Finance Bureau", "财政局"),
    ("Human Resources Bureau", "人力资源和社会保障局"),
    ("Natural Resources Bureau", "自然资源局"),
    ("Agriculture Bureau", "农业农村局"),
    ("Commerce Bureau", "商务局"),
    ("Culture and Tourism Bureau", "文化和旅游局"),
    ("Veterans Affairs Bureau", "退役军人事务局"),
    ("Audit Bureau", "审计局"),
    ("Statistics Bureau", "统计局"),
    ("Medical Insurance Bureau", "医疗保障局"),
    ("Tax Bureau", "税务局"),
    ("People's Court", "人民法院"),
    ("Procuratorate", "人民检察院"),
    ("Meteorological Bureau", "气象局"),
    ("Library", "图书馆"),
    ("First Secondary School", "第一中学"),
    ("Second Secondary School", "第二中学"),
    ("Experimental Primary School", "实验小学"),
    ("People's Hospital", "人民医院"),
    ("Hospital of Chinese Medicine", "中医医院"),
    ("Power Supply Company", "供电公司"),
    ("Waterworks", "自来水公司"),
    ("Bus Company", "公共交通公司"),
)

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN_FIRST = (
    "建国志明文海晓春秀玉桂兰丽红艳美俊伟振永家德世立成长庆天思雨"
    "子佳雅静淑慧婉清瑞景嘉宏光向新东学卫少继"
)
GIVEN_LAST = (
    "华强军平勇杰涛磊鹏飞龙宁斌辉刚超浩林峰波芳娟敏霞燕玲丽萍英梅"
    "琴云莲凤洁颖琳欣怡悦涵轩宇航博然晨阳"
)
