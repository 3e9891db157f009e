/// AMF0 values, read under limits and written.
@NullMarked
package dev.sluice.rtmp.amf;

import org.jspecify.annotations.NullMarked;
