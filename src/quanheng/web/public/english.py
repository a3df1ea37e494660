"""The public pages in English: every Chinese text of the templates and of the verdicts, with its translation.

A table instead of a catalogue: the pages are rendered outside Django's translation machinery, and nothing has
to be compiled. A test holds the table complete. What stands in the register (names, places) stays as it is.
"""

from __future__ import annotations

from quanheng.packs.public_texts import english_of
from quanheng.packs.shipped import shipped
from quanheng.web.public.certificate_english import CERTIFICATE_ENGLISH

ELSEWHERE = CERTIFICATE_ENGLISH | english_of(shipped())
ENGLISH: dict[str, str] = ELSEWHERE | {
    # the public log
    "公开记录": "Public record",
    "检定、施封、查封均载入只能增加的公开记录。": (
        "Every verification, seal or seizure goes into a public record to which things can only be added."
    ),
    "任何人都可以核对；如有改动，核对即可发现。": "Anybody can check it; a change would show.",
    "当前记录": "The record now",
    "条目": "Entries",
    "签名时间": "Signed at",
    "名称": "Name",
    "暂无条目。": "No entries yet.",
    "检查点与本记录的公钥不符，暂不能核对，正在查明原因。": (
        "The checkpoint does not belong to this log's key: it cannot be checked until we know why."
    ),
    "记录内容": "What is in it",
    "每个条目有时间、事项、器具编号、扫码页已公开的内容，和整条登记的加盐摘要。": (
        "Each entry has the time, what was done, the instrument's number, what the scan page shows anyway, "
        "and a salted hash of the whole row."
    ),
    "不含姓名、事由、铅封编号和证书编号。": "No names, no reasons, no numbers of seals or certificates.",
    "核对方法": "How to check it",
    "扫器具上的码，打开“公开记录”，下载条目的证明。": (
        "Scan the code on the instrument, open its public record, and download the proof of an entry."
    ),
    "记录公钥，并与其他来源核对：": "Note the public key; better, compare it from a second source: ",
    "用任何支持 C2SP tlog-proof 的工具核对，或运行：": "Check it with any tool for C2SP tlog-proof, or run: ",
    "记录以 C2SP tlog-tiles 格式公布，可以整份复制：": "Published as C2SP tlog-tiles; copy it whole: ",
    "该器具的登记在公开记录中的位置。证明文件可自行核对。": (
        "Where the entries of this instrument stand in the public record. The proofs are checked without us."
    ),
    "器具编号": "Instrument number",
    "等待载入，通常不超过一分钟": "waiting to be entered, usually less than a minute",
    "已载入，等待签名": "entered, waiting for the signature",
    "证明：第": "Proof: entry",
    "条": "",
    " 条。": ". ",
    "只列出最近的": "Only the newest shown:",
    "该器具随整批数据导入，暂无单独的条目。": (
        "This instrument came with a whole ledger; it has no entry of its own yet."
    ),
    "公开记录共": "Entries in the public record:",
    "返回查询结果": "Back to the result",
    "最近一项登记已载入公开记录，第": "The latest entry is in the public record, number",
    "历次记录可自行核对": "Check this history yourself",
    # frame
    "计量器具查询": "Measuring instrument check",
    "权衡": "Quanheng",
    "跳到正文": "Skip to content",
    "显示方式": "Display",
    "标准版": "Standard",
    "长辈版": "Large type",
    "演示数据": "Demonstration data",
    "本页内容均为虚构": "everything on this page is made up",
    "市场监督管理部门计量监管平台。扫码只计次数，不记录扫码人身份。": (
        "Metrology platform of the market regulator. Scans are counted; who scans is not recorded."
    ),
    # asking
    "标签上的编码": "Code on the label",
    "页面不存在": "No such page",
    "未找到该页面。查询器具请输入标签上的器具码。": (
        "There is no such page here. To look up an instrument, type the code on its label."
    ),
    "不区分大小写，空格和横线可以省略。编码不含字母 I、L、O、U。": (
        "Case, spaces and hyphens do not matter. The code has no letters I, L, O, U."
    ),
    "查询": "Check",
    "查询计量器具": "Check a scale",
    "用手机相机或微信扫描器具上的二维码，或输入标签上的编码。": (
        "Scan the QR code on the instrument with your camera, or type the code on the label."
    ),
    "重新输入": "Type it again",
    "查询结果的颜色": "What the colours mean",
    "绿色 有效": "Green: valid",
    "检定合格，在有效期内": "verified and within its validity",
    "黄色 注意": "Amber: take care",
    "即将到期，或标签已换发": "due soon, or the label was replaced",
    "红色 请勿使用": "Red: do not use",
    "过期、不合格、铅封破损等": "overdue, failed, seal broken and the like",
    "灰色 未在用": "Grey: not in use",
    "停用、封存、报废或空白标签": "stopped, sealed up, scrapped, or a blank label",
    "编码有误": "Code not readable",
    "查无此码": "Unknown code",
    "本平台未发放该编码。": "This code was never issued.",
    "如印在器具的标签上，标签可能是伪造的，请拨打 12315 反映。": (
        "If it is printed on a label on an instrument, the label may be forged. Please call 12315."
    ),
    "empty": "Please type the code on the label.",
    "length": "The code has 24 letters and digits. Please compare it with the label, group by group.",
    "symbol": "The code holds only digits and capital letters. Please compare it with the label.",
    "version": "The code begins with Q1. Please type it from the first character on the label.",
    "check": (
        "The check characters do not fit: one or two characters may be wrong or swapped. "
        "Please compare the code with the label, group by group."
    ),
    # verdicts
    "有效": "Valid",
    "检定合格，在有效期内。": "Verified and within its validity.",
    "即将到期": "Due soon",
    "检定合格，有效期即将届满，到期前须重新检定。": (
        "Verified; the validity ends soon and it must be verified again before then."
    ),
    "已过期": "Overdue",
    "检定有效期已过，未重新检定。": "The validity has passed and it was not verified again.",
    "铅封破损": "Seal broken",
    "铅封已破损，原检定随之失效。": "A seal is broken, which voids the verification.",
    "启封待检": "Opened, to be verified",
    "铅封已依法启封，重新施封并检定合格前请勿使用。": (
        "A seal was opened lawfully; not to be used before it is sealed and verified again."
    ),
    "因检定启封": "Seal opened for verification",
    "因调整启封": "Seal opened for adjustment",
    "因维修启封": "Seal opened for repair",
    "更正铅封编号": "Number of a seal corrected",
    "不合格": "Failed",
    "最近一次检定不合格。": "It failed its last verification.",
    "未经检定": "Not verified",
    "已备案，暂无检定合格记录。": "Registered, but there is no record of a passed verification.",
    "已锁机": "Locked",
    "已远程锁机，请勿使用。": "It was locked remotely and should not be used.",
    "维修中": "Under repair",
    "正在维修，重新检定合格前请勿使用。": (
        "Under repair; not to be used before it is repaired and verified again."
    ),
    "检定中": "Being verified",
    "正在检定，检定合格前请勿使用。": "Being verified; not to be used before it has passed.",
    "未备案": "Not registered",
    "使用单位尚未完成备案。": "Its user has not completed the registration.",
    "已停用": "Out of service",
    "使用单位已登记停用。": "The user has declared it out of service.",
    "已封存": "Sealed up",
    "已登记封存。": "Declared as sealed up.",
    "已报废": "Scrapped",
    "已登记报废。": "Declared as scrapped.",
    "监管人员：绑定到器具": "Officers: bind this label to an instrument",
    "空白标签": "Blank label",
    "该标签未绑定器具，不能作为检定合格的凭证。": (
        "This label is not bound to any instrument and proves nothing."
    ),
    "标签作废": "Void label",
    "该标签已作废，不能作为检定合格的凭证。": "This label is void and proves nothing.",
    "旧标签": "Old label",
    "该编码已换发，旧标签不再有效。": "This code was replaced; the old label no longer counts.",
    "标签存疑": "Doubtful label",
    "二维码签名不是本平台签发的，标签可能是伪造或涂改的。": (
        "The signature in the QR code is not ours: the label may be forged or altered."
    ),
    "请勿使用。可要求换用合格的器具，或在下方反映。": (
        "Do not use it. Ask for another instrument, or report it below."
    ),
    "请勿用于结算。可要求换用合格的器具，或在下方反映。": (
        "Do not settle a price with it. Ask for another instrument, or report it below."
    ),
    "如仍在使用，请在下方反映。": "If it is still in use, please report it below.",
    "如贴在器具上，请在下方反映。": "If it is stuck on an instrument, please report it below.",
    "请扫描器具上的新标签。没有新标签的，请在下方反映。": (
        "Please scan the new label on the instrument. If there is none, report it below."
    ),
    "请勿以此标签为准，并在下方反映。": "Do not go by this label, and report it below.",
    # the scan page
    "有效期至": "Valid until",
    "还有": "left:",
    "天": "days",
    "证书注销": "Certificate revoked",
    "检定证书已被检定机构注销，检定随之失效。": (
        "The institute revoked the certificate; the verification is void with it."
    ),
    "证书注销日期": "Certificate revoked on",
    "最近检定": "Last verification",
    "编码所属器具的现状：": "State of the instrument to which the code belongs: ",
    "使用地点": "Place of use",
    "使用单位": "User",
    "摊位或位置": "Stall or position",
    "地址": "Address",
    "区划": "District",
    "请与实物核对": "Is it this one? Compare",
    "该标签为另一个出厂编号印制，请仔细核对。": (
        "This label was printed for another serial number. Please compare carefully."
    ),
    "登记的器具照片": "Registered picture of the instrument",
    "出厂编号": "Serial number",
    "制造单位": "Manufacturer",
    "型号/规格": "Model",
    "准确度等级": "Accuracy class",
    "最大秤量": "Max",
    "检定分度值": "Verification scale interval",
    "测量范围": "Measuring range",
    "型式批准": "Type approval",
    "铅封": "Seals",
    "完好": "whole",
    "铅封断开、缺失或编号不同的，请在下方反映。": (
        "If a seal is torn, missing or has another number, please report it below."
    ),
    "暂无铅封登记。": "No seal is registered.",
    "与实物不符或有问题：向监管部门反映": "Not this one, or something is wrong: report it",
    "历次记录": "History",
    "暂无记录。": "No records yet.",
    "自行检查方法": "How to check for yourself",
    "加油前查看显示：金额和升数都应回零。": "Before fuelling, amount and litres must both read zero.",
    "查看铅封：铅封应完好，编号与登记一致。": "The seals should be whole, with the numbers above.",
    "有疑问时，请保持现场原状，拨打 12315，可申请仲裁检定。": (
        "In doubt, leave everything as it is and call 12315; you may ask for a verification by arbitration."
    ),
    "查看检定合格标志：有效期应与本页一致。": "The verification mark should show the validity of this page.",
    "有疑问时，可请使用单位出示检定证书。": "In doubt, ask its user to show the certificate.",
    "空秤归零：秤盘上无物品时应显示 0。": "With nothing on the pan the scale must show 0.",
    "称已知重量的物品（如未开封的瓶装水）两次，结果应一致。": (
        "Weigh something whose weight you know (an unopened bottle of water), twice; both must agree."
    ),
    "轻物的误差一般不超过一个分度值：": "For light goods the error should not exceed one scale interval: ",
    "可到市场公平秤复称。": "Weigh again on the market's fair scale.",
    "向监管部门反映": "Report to the regulator",
    "标签信息": "This label",
    "二维码签名有效，签发于": "The QR code's signature is valid, issued on",
    "编码为手工输入，未验证二维码签名。": "The code was typed: no QR signature was checked.",
    "二维码由未知的密钥签名。": "The QR code was signed with an unknown key.",
    "二维码签名与编码不符，内容有改动。": "The signature does not fit the code: something was altered.",
    "二维码附带的内容不是本平台的签名。": "What the QR code carries is no signature of ours.",
    "工作人员：登录后办理": "Staff: sign in to go on",
    "查询时间": "Checked at",
    # history
    "检定合格": "Verification passed",
    "使用中检查合格": "In-service inspection passed",
    "使用中检查不合格": "In-service inspection failed",
    "检定不合格": "Verification failed",
    "检定失效": "Verification void",
    "检定记录有误，已作废": "Recorded in error, voided",
    "未核实": "Unconfirmed",
    "复核中": "Under review",
    "检定记录正在复核。": "Whether the record of its verification is right is being reviewed.",
    "复核期间可要求出示检定证书，或换用有效的器具。": (
        "Until that is decided, ask to see the certificate, or for a valid instrument."
    ),
    "复核起始日期": "Under review since",
    "检定情况由使用单位自报，监管部门尚未核实。": (
        "The user says that it was verified; the office has not confirmed it."
    ),
    "可要求出示检定证书，或换用有效的器具。": "Ask to see the certificate, or for a valid instrument.",
    "施封": "Sealed",
    "失效日期": "Void since",
    "检定已失效": "Verification void",
    "证书真实；铅封破损、启封或送修后，检定已失效。": (
        "The certificate is genuine; the verification is void: a seal was broken or opened, or a repair made."
    ),
    "离开原使用地点": "Left its former place",
    "检定记录来源": "Source of the verification",
    "本平台出具": "issued on this platform",
    "国家平台接收": "received from a national system",
    "监管部门录入": "recorded by an office",
    "使用单位自报（未核实）": "declared by the user (unconfirmed)",
    "首次检定": "initial",
    "后续检定": "subsequent",
    "使用中检查": "in service",
    "仲裁检定": "arbitration",
    "秤体": "scale case",
    "流量测量变换器调整装置": "flow meter adjuster",
    "编码器与变换器之间": "encoder",
    "计控主板与机体": "main board",
    "外壳": "housing",
    "调整装置": "adjuster",
    "其他": "other",
    "备案通过": "Registration accepted",
    "停用": "Out of service",
    "恢复使用": "Back in service",
    "封存": "Sealed up",
    "送修": "Sent to repair",
    "维修完成": "Repaired",
    "撤销送修登记": "Sent to repair by mistake: taken back",
    "现场检查": "Checked on site",
    "报废": "Scrapped",
    "赋码": "Code issued",
    "现场绑码": "Code bound on site",
    "补发新码": "Code replaced",
    # slowing
    "查询过于频繁": "Too many checks",
    "同一网络的查询过多，不一定与您有关。": (
        "Too many checks came from this network. Many people may share it; this need not be about you."
    ),
    "请等待两秒后继续。": "Please wait two seconds, then press the button.",
    "继续查询": "Go on",
    "请稍后重试。": "Please try again in a while.",
    # the report
    "编码": "Code",
    "问题类型": "What is wrong",
    "称量不准、缺斤短两": "It weighs wrong or short",
    "编号、照片或地点与实物不符": "Number, picture or place differ from the thing",
    "铅封破损或缺失": "A seal is broken or missing",
    "标签破损、被遮挡或被转贴": "The label is damaged, covered or moved",
    "地点（市场、摊位号）": "Where (market, stall number)",
    "说明（选填）": "In your words (optional)",
    "请勿填写姓名、电话等个人信息。": "Please write no name, phone number or other personal data.",
    "照片（选填，JPEG 或 PNG，8 MB、5000 万像素以内）": (
        "Picture (optional, JPEG or PNG, up to 8 MB and 50 million pixels)"
    ),
    "照片保存天数：": "Days for which the picture is kept: ",
    "照片中的拍摄地点等信息自动删除。": "Where it was taken and the like is removed from the picture.",
    "提交": "Send",
    "文字中含有无法保存的字符，请删除后重新提交。": (
        "The text contains a character that cannot be kept. Please remove it and send again."
    ),
    "系统繁忙，请 5 秒后重试。": "The system is busy. Please try again in 5 seconds.",
    "照片请不超过 8 MB、5000 万像素（PNG、WebP 为 2000 万像素）。": (
        "Please keep the photo below 8 MB and 50 million pixels (PNG, WebP: 20 million)."
    ),
    "照片无法识别，请换一张 JPEG 或 PNG 照片。": "The picture cannot be read; please choose a JPEG or PNG.",
    "页面打开时间过长，请核对内容后重新提交。": (
        "The page was open too long. Please look it over and send it again."
    ),
    "请选择遇到的问题。": "Please choose what is wrong.",
    "地点请不超过 120 字，说明请不超过 1000 字。": (
        "At most 120 characters for the place, 1000 for the words."
    ),
    "已收到": "Received",
    "感谢您的反映，已转辖区市场监管部门。": "Thank you. Your report has gone to the local market regulator.",
    "12315 答复：": "Answer of the 12315 hotline: ",
    "反映编号": "Report number",
    "请收藏本页或截图，询问时提供反映编号。": "Bookmark this page or note the number to ask later.",
    "处理情况": "What became of it",
    "办结后，结论和答复会显示在本页。": "Once it is closed, the finding and the answer are shown here.",
    "待核查": "Waiting to be looked into",
    "核查中": "Being looked into",
    "已办结": "Closed",
    "属实": "True",
    "不属实": "Not true",
    "无法核实": "Cannot be verified",
    "回到器具页面": "Back to the instrument",
    # the entity page
    "该单位（经营者）已注销。": "This entity has closed.",
    "所在市场或单位": "Market or company",
    "摊位号": "Stall number",
    "诚信计量": "Honest measurement",
    "已公开承诺": "publicly pledged",
    "计量器具": "Measuring instruments:",
    "台（件）": "",
    "器具清单": "List of instruments",
    "位置": "Position",
    "器具": "Instrument",
    "状态": "State",
    "只列出前": "Shown: the first",
    "请勿使用": "Do not use",
    "未在用": "Not in use",
    "经营者": "Trader",
}
