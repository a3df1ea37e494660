"""重点监管名单: who is proposed for it and who is on it, what is decided, and what the entity says."""
