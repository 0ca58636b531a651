/** Receipts for work: what a worker says that it did, and what the coordinator found right, signed by both. */
package org.athanor.training.receipts;
