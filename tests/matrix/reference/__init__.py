"""What must become of a packet, by the text of the RFCs: a file a concern. Nothing here knows the product's code.

Addresses are numbers. A rule says when it is broken and which counter then moves; lists of rules are in the order of the
wire: outer destination, outer source, inner source, inner destination, inner against outer, what is inside.
"""
