"""What two Y haplotypes or two mitochondrial sequences differ in."""
