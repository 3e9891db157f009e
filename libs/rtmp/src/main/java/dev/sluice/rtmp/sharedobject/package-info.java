/// Shared objects: named sets of values that the clients of an application see alike. Messages only, read
/// under limits and written; who has which object is decided elsewhere.
@NullMarked
package dev.sluice.rtmp.sharedobject;

import org.jspecify.annotations.NullMarked;
