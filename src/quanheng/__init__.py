"""权衡 Quanheng: the provincial metrology supervision platform."""
