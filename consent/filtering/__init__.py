"""The roster filter: what of a district's roster export may go to the company of one agreement."""
