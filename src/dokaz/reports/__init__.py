"""What a laboratory attaches to an answer: a report on two hypotheses, as PDF, HTML or a workbook."""
