# Does what it is told on the second serial port: a line is `MARK COMMAND`, the answer the command's output, then
# `MARK STATUS`. Read by the shell that a guest starts with, or that a service of it runs.
exec </dev/ttyS1 >/dev/ttyS1
stty raw -echo
echo ready
while read -r mark command; do
  sh -c "$command" </dev/null 2>&1
  echo "$mark $?"
done
