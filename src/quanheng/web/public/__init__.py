"""What anybody opens with a phone: scan page, entity page, report form. No login, no script, no cookie."""
