"""Chinese names of people, shops and streets, made up from common parts."""

from __future__ import annotations

from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鑫斌波宇浩凯建国志云川蓉岷"
    "锦怡欣雨晨梓涵子轩婷雪梅兰竹菊松柏安宁永福祥瑞德仁义信"
)
ROADS = (
    "人民路",
    "建设路",
    "解放街",
    "滨河路",
    "长征路",
    "新华街",
    "文化路",
    "迎宾大道",
    "振兴路",
    "龙腾路",
    "锦绣街",
    "蜀汉路",
)
BRANDS = (
    "惠民",
    "家和",
    "天府",
    "蓉城",
    "川味",
    "百姓",
    "新盛",
    "嘉鑫",
    "福满",
    "鸿运",
    "绿源",
    "锦里",
    "岷江",
    "青禾",
    "同兴",
    "永丰",
)
DISHES = ("火锅", "川菜馆", "面馆", "鱼庄", "酒楼", "烧烤", "小吃", "豆花饭庄")
GOODS = ("蔬菜", "猪肉", "牛羊肉", "水产", "禽蛋", "水果", "干杂", "豆制品", "卤味", "粮油")
INDUSTRIES = ("机械制造", "食品", "化工", "新材料", "电子", "纺织", "建材", "药业", "饲料")


def person(rng: Random) -> str:
    """A person's name."""
    given = "".join(rng.choice(GIVEN) for _ in range(1 if rng.random() < 0.25 else 2))
    return rng.choice(SURNAMES) + given


def phone(rng: Random) -> str:
    """A number in a range that no operator serves (1990000…)."""
    return f"1990000{rng.randrange(10_000):04d}"
