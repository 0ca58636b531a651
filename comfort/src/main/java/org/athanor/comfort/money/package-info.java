/** What heat, computing and their carbon cost: each formula one function with its source. Knows quantities, nothing else. */
package org.athanor.comfort.money;
