/// Values of AMF0 and AMF3, read under limits and written.
@NullMarked
package dev.sluice.rtmp.amf;

import org.jspecify.annotations.NullMarked;
