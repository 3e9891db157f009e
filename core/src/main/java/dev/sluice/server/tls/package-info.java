/// TLS as a layer below every protocol: certificates from files or made here, chosen by what a client says first,
/// replaced while connections live. Opens no sockets.
@NullMarked
package dev.sluice.server.tls;

import org.jspecify.annotations.NullMarked;
