/** What the controller believes of rooms: small linear models, exact between two steps. */
package org.athanor.comfort.model;
