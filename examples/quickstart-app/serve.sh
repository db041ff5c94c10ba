#!/bin/sh
# Pretends to serve: says what it is, then waits for the stop signal.
trap 'echo "stopping"; exit 0' TERM
echo "serving $(cat size.txt) bytes in mode $MODE as uid $(id -u)"
cat page.txt
while :; do
    sleep 1 &
    wait $!
done
