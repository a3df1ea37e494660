"""帮助: what a page is for, who may do what there, and what its words mean."""
