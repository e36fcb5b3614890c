"""What tests share: a small running district and a hand that walks cases through it."""
