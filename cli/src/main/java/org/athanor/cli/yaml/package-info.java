/** YAML files that people write: read field by field, with complaints that say where, what, and what is accepted instead. */
package org.athanor.cli.yaml;
