#!/usr/bin/env bash
# Makes ../resources/demo/demo.flv, the clip that `sluice demo` loops. Needs FFmpeg 5.1 or later; nobody needs to run
# it to build or to use Sluice.
#
# 9.6 s are 288 frames at 30/s and exactly 450 AAC frames of 1024 samples at 48 kHz, so both tracks end together. The
# sound repeats every 0.8 s, a divisor of 9.6 s, and is cut from the middle of a longer encoding: the first frame of
# the clip then fits behind its last one, and no encoder delay shifts it against the picture.
# No B-frames and one IDR picture per second: every second is a place to start, and decode order is presentation order.
# The tone is 440 Hz, softly; the beep falls together with the flash of the white square.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=../resources/demo/demo.flv

# The orange box crosses the picture exactly three times in 9.6 s.
video="color=orange:size=40x40:rate=30:duration=9.6[box];testsrc2=size=640x360:rate=30:duration=9.6[picture]"
video+=";[picture][box]overlay=x='mod(t*212.5\,680)-40':y=250"
video+=",drawbox=x=560:y=20:w=60:h=60:color=white:t=fill:enable='lt(mod(t+0.001\,0.8)\,0.1)'"
video+=",drawtext=text='Sluice demo  %{pts\:hms}':x=20:y=h-50:fontsize=28:fontcolor=white:box=1"
video+=":boxcolor=black@0.6:boxborderw=8"

tone="0.04*sin(440*2*PI*t)"
beep="lt(mod(t,0.8),0.1)*0.15*sin(1000*2*PI*t)*sin(PI*mod(t,0.8)/0.1)"

# Frame 0 is encoder delay, so the second round of 450 frames is 451 to 900, and starts at 9600 ms.
middle="noise=amount=0:drop='lt(n\,451)+gte(n\,901)',setts=ts='TS-9600'"

mkdir -p "$(dirname "$out")"
ffmpeg -y -hide_banner -loglevel error -bitexact \
  -f lavfi -i "$video" -f lavfi -i "aevalsrc=exprs='$tone+$beep':s=48000:d=28.8" \
  -c:v libx264 -preset veryfast -tune zerolatency -profile:v main -pix_fmt yuv420p \
  -b:v 500k -maxrate 600k -bufsize 600k -bf 0 -g 30 -keyint_min 30 -sc_threshold 0 \
  -c:a aac -b:a 64k -ac 2 -bsf:a "$middle" \
  -flvflags no_duration_filesize -map_metadata -1 -f flv "$out"
