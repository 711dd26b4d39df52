# Where the processor's time goes: cpu.gp says what is special, stack.gp draws.
label_format = "%.1f"
