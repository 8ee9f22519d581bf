"""Missing persons, donors with consent, pedigrees."""
