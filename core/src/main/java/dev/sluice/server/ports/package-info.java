/// The listening sockets of the server: accepting, limits before anybody proved who they are, and telling
/// protocols apart.
@NullMarked
package dev.sluice.server.ports;

import org.jspecify.annotations.NullMarked;
