"""The certificate's public page in English (see english.py)."""

from __future__ import annotations

CERTIFICATE_ENGLISH: dict[str, str] = {
    "发证机构正在复核，是否注销尚未决定。": "The institute reviews it; whether it is revoked is not decided.",
    "证书查验": "Certificate check",
    "查无此证": "No such certificate",
    "扫描证书上的二维码，或输入证书编号和查验码。": (
        "Scan the QR code on the certificate, or type the number and the code printed on it."
    ),
    "未找到该证书。请对照证书重新输入编号和查验码；仍未找到的，证书可能是伪造的。": (
        "Number and code fit no certificate. Please compare them with the paper and type them again; "
        "if they still fit none, the certificate may be forged."
    ),
    "证书编号": "Certificate number",
    "查验码": "Code",
    "二维码下方的 12 位字母和数字，不含 0、1、I、L、O。": (
        "The 12 letters and digits below the QR code; there is no 0, 1, I, L or O."
    ),
    "查验": "Check",
    "证书真实有效": "Genuine",
    "本平台签发，未换发，未注销。": "Issued on this platform; neither replaced nor revoked.",
    "证书已换发": "Replaced",
    "该证书已由新证书代替，请以新证书为准。": "A new certificate has taken its place.",
    "证书已注销": "Revoked",
    "该证书已注销，不能作为依据。": "This certificate was revoked and proves nothing any more.",
    "证书已过期": "Expired",
    "证书真实，有效期已过。": "Genuine, but its validity is over.",
    "检定不合格": "Failed",
    "本件为检定结果通知书：器具检定不合格，请勿使用。": (
        "This is a notice of failure: the instrument failed and must not be used."
    ),
    "内容存疑": "Do not trust",
    "证书内容与签名不符，请勿以此为准，并向发证机构核实。": (
        "The content does not fit its signatures. Do not trust it; ask the institute that issued it."
    ),
    "查看新证书": "Open the new certificate",
    "检定证书": "Verification certificate",
    "检定结果通知书": "Notice of failure",
    "检定机构": "Institute",
    "计量检定机构授权证书号": "Authorisation",
    "送检单位": "Applicant",
    "计量器具名称": "Instrument",
    "检定类别": "Kind",
    "检定依据": "Regulation",
    "检定结论": "Result",
    "检定日期": "Verified on",
    "检定人员": "Verified, checked, approved by",
    "合格": "passed",
    "不合格": "failed",
    "首次检定": "Initial verification",
    "后续检定": "Subsequent verification",
    "使用中检查": "In-service inspection",
    "仲裁检定": "Arbitration",
    "查看器具现状": "How this instrument stands now",
    "检定结果": "Results",
    "项目": "Quantity",
    "标准值": "Nominal",
    "误差": "Error",
    "最大允许误差": "Permissible",
    "结论": "Verdict",
    "历次版本": "Versions",
    "版本": "Version",
    "签发": "issued",
    "更正": "amended",
    "换发": "replaced",
    "注销": "revoked",
    "签名有效": "signature fits",
    "签名不符": "signature does not fit",
    "本平台暂不能核对此签名，请自行验证": "This platform cannot check this signature now; check it yourself",
    "电子签名正在生成，请稍后刷新。": "Signatures are being made; please reload in a moment.",
    "内容与签发时的摘要不符。": "The content does not fit the digest it was issued with.",
    "下载 PDF": "PDF",
    "数字证书 XML": "Digital certificate (XML)",
    "签名原文": "Signed bytes",
    "签名值": "Signatures",
    "签名值和公钥公开，可以用任何工具验证。": (
        "Signatures and keys are public: anybody can check them with tools of their own."
    ),
    "公钥": "Public keys",
    "油枪或位置": "Nozzle or position",
}
