"""Who signs codes: Ed25519 keys in files. An HSM or 密码服务平台 takes the same place (GB/T 39786)."""

from quanheng.adapters.signer.checking import Answer, KeyList, PublicKey, check_address, check_mark
from quanheng.adapters.signer.keys import KeyRing

__all__ = ["Answer", "KeyList", "KeyRing", "PublicKey", "check_address", "check_mark"]
