/** {@code athanor heater}: a real home's rooms, tanks and heaters, from a file to a program that keeps them warm. */
package org.athanor.cli.heater;
