# Bytes moved by cause: moves.gp says what is special, stack.gp draws.
label_format = "%.2f"
