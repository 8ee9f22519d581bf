"""The toolkit of pages: who acts, act pages, lists, record pages, fields, pictures; knows no room."""
