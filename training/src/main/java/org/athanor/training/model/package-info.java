/** What is trained, and how one worker's steps go: sizes, optimiser settings, learning rate. */
package org.athanor.training.model;
