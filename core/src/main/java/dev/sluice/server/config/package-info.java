/// Settings: typed records, a YAML file, the environment, --set; one default in one place.
@NullMarked
package dev.sluice.server.config;

import org.jspecify.annotations.NullMarked;
