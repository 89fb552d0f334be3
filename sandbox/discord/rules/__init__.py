"""What Discord accepts: each form checked to its end, refused with code 50035 and all mistakes."""
