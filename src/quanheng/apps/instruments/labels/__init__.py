"""Labels: sheets and rolls that fit the paper, as PDF; one code alone as PNG or SVG."""
