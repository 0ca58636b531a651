/**
 * Quantities as small immutable values: SI inside, standard symbols in text.
 *
 * <p>A quantity is always finite. Money that is owed ({@link org.athanor.units.Millisatoshis}) and work
 * ({@link org.athanor.units.Work}) are exact; fiat ({@link org.athanor.units.Money}) is for display, tariffs and statements.
 */
package org.athanor.units;
