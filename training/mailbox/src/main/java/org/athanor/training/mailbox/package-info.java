/** What workers and coordinator say to each other: JSON over HTTPS, and objects that are named by their SHA-256. */
package org.athanor.training.mailbox;
