"""The matrix: every class of outer and inner addresses, in both roles and directions and in every mode, through the real
packet path (driver/), against a slow reference that says the RFCs again (reference/).

    addresses.py   the classes of addresses
    boxes.py       the routers, as the reference and as gate41's configuration see them
    driver.py      the program that is the packet path
    cells.py       a cell as a frame, and what became of it
"""
