package org.athanor.devices;

/**
 * For whom a device mines.
 *
 * @param url as the device writes it, such as stratum+tcp://pool.example.com:3333
 * @param user name at the pool, often with a worker's name after a dot
 */
public record PoolSetting(String url, String user) {}
