"""Pictures where people look rather than read: plain values in, accessible inline SVG out."""
