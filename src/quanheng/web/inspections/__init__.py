"""抽查: campaigns, what they drew, what was found, and the draws that anybody recomputes."""
