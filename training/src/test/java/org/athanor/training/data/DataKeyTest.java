package org.athanor.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DataKeyTest {
    private static final byte[] SHARD = "warm rooms, cold nights".repeat(40).getBytes(StandardCharsets.UTF_8);

    @Test
    void aShardIsReadWithItsKeyAlone() {
        var key = DataKey.fresh();
        var sealed = key.seal(SHARD);
        assertEquals(SHARD.length + DataKey.OVERHEAD, sealed.length);
        assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("warm"));
        assertArrayEquals(SHARD, key.open(sealed));
        assertFalse(Arrays.equals(sealed, key.seal(SHARD)), "no nonce is used twice");
        assertThrows(IllegalArgumentException.class, () -> DataKey.fresh().open(sealed));
        sealed[100] ^= 1;
        assertThrows(IllegalArgumentException.class, () -> key.open(sealed));
        assertThrows(IllegalArgumentException.class, () -> key.open(Arrays.copyOf(sealed, 27)));
    }

    @Test
    void aKeyGoesOverTheLineAndIntoNoLog() throws Exception {
        var key = DataKey.fresh();
        var mapper = JsonMapper.builder().build();
        var text = mapper.writeValueAsString(key);
        assertEquals('"' + key.base64() + '"', text);
        assertEquals(key, mapper.readValue(text, DataKey.class));
        assertFalse(key.toString().contains(key.base64()));
        var wrong = assertThrows(IllegalArgumentException.class, () -> new DataKey("c2VjcmV0"));
        assertFalse(wrong.getMessage().contains("c2VjcmV0"));
        assertThrows(IllegalArgumentException.class, () -> new DataKey("no base64!"));
    }
}
