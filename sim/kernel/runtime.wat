;; What every compiled case has in common: arithmetic, chance, the loop over worlds, plays and months, and the sums.
;; wasm.py puts the case's own stages and the numbers written between two at signs in. One lane group is 4 worlds (f32x4), played
;; twice; @GROUPS@ groups are drawn and added up at a time. A stage finds everything in slots at fixed places.

(memory (export "memory") 64)
(type $stage (func (param $u i32)))

;; ---- exp and log: Cephes' polynomials, the same bits on every machine ----------------------------------------------

(func $exp (param $x v128) (result v128) (local $t v128) (local $k v128) (local $r v128) (local $n v128)
  (local.set $x (f32x4.pmax @F(-87)@ (f32x4.pmin @F(88)@ (local.get $x))))
  (local.set $t (f32x4.add (f32x4.mul (local.get $x) @F(1.44269504)@) @F(12582912)@))
  (local.set $n (i32x4.sub (local.get $t) @I(0x4b400000)@))
  (local.set $k (f32x4.sub (local.get $t) @F(12582912)@))
  (local.set $r (f32x4.add (f32x4.sub (local.get $x) (f32x4.mul (local.get $k) @F(0.693359375)@))
    (f32x4.mul (local.get $k) @F(2.12194440e-4)@)))
  (local.set $t (f32x4.add (f32x4.mul @F(1.9875691500e-4)@ (local.get $r)) @F(1.3981999507e-3)@))
  (local.set $t (f32x4.add (f32x4.mul (local.get $t) (local.get $r)) @F(8.3334519073e-3)@))
  (local.set $t (f32x4.add (f32x4.mul (local.get $t) (local.get $r)) @F(4.1665795894e-2)@))
  (local.set $t (f32x4.add (f32x4.mul (local.get $t) (local.get $r)) @F(1.6666665459e-1)@))
  (local.set $t (f32x4.add (f32x4.mul (local.get $t) (local.get $r)) @F(5.0000001201e-1)@))
  (local.set $t (f32x4.add (f32x4.add (f32x4.mul (f32x4.mul (local.get $t) (local.get $r)) (local.get $r))
    (local.get $r)) @F(1)@))
  (i32x4.add (local.get $t) (i32x4.shl (local.get $n) (i32.const 23))))

(func $log (param $x v128) (result v128) (local $e v128) (local $m v128) (local $low v128) (local $z v128) (local $y v128)
  (local.set $e (i32x4.sub (v128.and (i32x4.shr_u (local.get $x) (i32.const 23)) @I(255)@) @I(126)@))
  (local.set $m (v128.or (v128.and (local.get $x) @I(0x7fffff)@) @I(0x3f000000)@))
  (local.set $low (f32x4.lt (local.get $m) @F(0.707106781)@))
  (local.set $e (f32x4.convert_i32x4_s (i32x4.add (local.get $e) (local.get $low))))
  (local.set $m (f32x4.sub (f32x4.add (local.get $m) (v128.and (local.get $low) (local.get $m))) @F(1)@))
  (local.set $z (f32x4.mul (local.get $m) (local.get $m)))
  (local.set $y (f32x4.sub (f32x4.mul @F(7.0376836292e-2)@ (local.get $m)) @F(1.1514610310e-1)@))
  (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $m)) @F(1.1676998740e-1)@))
  (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $m)) @F(-1.2420140846e-1)@))
  (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $m)) @F(1.4249322787e-1)@))
  (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $m)) @F(-1.6668057665e-1)@))
  (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $m)) @F(2.0000714765e-1)@))
  (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $m)) @F(-2.4999993993e-1)@))
  (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $m)) @F(3.3333331174e-1)@))
  (local.set $y (f32x4.mul (f32x4.mul (local.get $y) (local.get $m)) (local.get $z)))
  (local.set $y (f32x4.sub (f32x4.sub (local.get $y) (f32x4.mul (local.get $e) @F(2.12194440e-4)@))
    (f32x4.mul (local.get $z) @F(0.5)@)))
  (f32x4.add (f32x4.add (local.get $m) (local.get $y)) (f32x4.mul (local.get $e) @F(0.693359375)@)))

;; ---- chance: NumPy's SeedSequence and PCG64DXSM --------------------------------------------------------------------

(global $hash (mut i32) (i32.const 0))
(global $high (mut i64) (i64.const 0))
(global $low (mut i64) (i64.const 0))

(func $hashed (param $value i32) (result i32)
  (local.set $value (i32.xor (local.get $value) (global.get $hash)))
  (global.set $hash (i32.mul (global.get $hash) (i32.const 0x931e8875)))
  (local.set $value (i32.mul (local.get $value) (global.get $hash)))
  (i32.xor (local.get $value) (i32.shr_u (local.get $value) (i32.const 16))))

(func $mix (param $to i32) (param $value i32)
  (local.set $value (i32.sub (i32.mul (i32.const 0xca01f9dd) (i32.load (local.get $to)))
    (i32.mul (i32.const 0x4973f715) (local.get $value))))
  (i32.store (local.get $to) (i32.xor (local.get $value) (i32.shr_u (local.get $value) (i32.const 16)))))

(func $mix_into_all (param $value i32) (local $to i32) (local.set $to (i32.const @POOL@))
  (loop $each
    (call $mix (local.get $to) (call $hashed (local.get $value)))
    (br_if $each (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 4))) (i32.const @POOL_END@)))))

;; the four words of the seed, mixed: the same for all streams; their pool is kept behind POOL
(func $mix_seed (local $at i32) (local $to i32)
  (global.set $hash (i32.const 0x43b0d7e5))
  (local.set $at (i32.const 0))
  (loop $words
    (i32.store offset=@POOL@ (local.get $at) (call $hashed (i32.load offset=@SEED@ (local.get $at))))
    (br_if $words (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 16))))
  (local.set $at (i32.const @POOL@))
  (loop $sources
    (local.set $to (i32.const @POOL@))
    (loop $targets
      (if (i32.ne (local.get $at) (local.get $to))
        (then (call $mix (local.get $to) (call $hashed (i32.load (local.get $at))))))
      (br_if $targets (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 4))) (i32.const @POOL_END@))))
    (br_if $sources (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const @POOL_END@))))
  (v128.store (i32.const @POOL_END@) (v128.load (i32.const @POOL@)))
  (i32.store (i32.const @POOL_HASH@) (global.get $hash)))

(func $word (param $k i32) (result i64) (local $value i32)
  (local.set $value (i32.xor (i32.load offset=@POOL@ (i32.shl (i32.and (local.get $k) (i32.const 3)) (i32.const 2)))
    (global.get $hash)))
  (global.set $hash (i32.mul (global.get $hash) (i32.const 0x58f38ded)))
  (local.set $value (i32.mul (local.get $value) (global.get $hash)))
  (i64.extend_i32_u (i32.xor (local.get $value) (i32.shr_u (local.get $value) (i32.const 16)))))

(func $two_words (param $k i32) (result i64)
  (i64.or (call $word (local.get $k)) (i64.shl (call $word (i32.add (local.get $k) (i32.const 1))) (i64.const 32))))

(func $upper (param $a i64) (param $b i64) (result i64) (local $a1 i64) (local $b1 i64) (local $t i64) (local $s i64)
  (local.set $a1 (i64.shr_u (local.get $a) (i64.const 32)))
  (local.set $b1 (i64.shr_u (local.get $b) (i64.const 32)))
  (local.set $a (i64.and (local.get $a) (i64.const 0xffffffff)))
  (local.set $b (i64.and (local.get $b) (i64.const 0xffffffff)))
  (local.set $t (i64.add (i64.mul (local.get $a1) (local.get $b))
    (i64.shr_u (i64.mul (local.get $a) (local.get $b)) (i64.const 32))))
  (local.set $s (i64.add (i64.mul (local.get $a) (local.get $b1)) (i64.and (local.get $t) (i64.const 0xffffffff))))
  (i64.add (i64.mul (local.get $a1) (local.get $b1))
    (i64.add (i64.shr_u (local.get $t) (i64.const 32)) (i64.shr_u (local.get $s) (i64.const 32)))))

;; (high, low) = (high, low) (h, l) + (h2, l2), 128 bits
(func $times_plus (param $h i64) (param $l i64) (param $h2 i64) (param $l2 i64) (local $new i64)
  (local.set $new (i64.add (i64.mul (global.get $low) (local.get $l)) (local.get $l2)))
  (global.set $high (i64.add (i64.add (call $upper (global.get $low) (local.get $l))
      (i64.add (i64.mul (global.get $high) (local.get $l)) (i64.mul (global.get $low) (local.get $h))))
    (i64.add (local.get $h2) (i64.extend_i32_u (i64.lt_u (local.get $new) (local.get $l2))))))
  (global.set $low (local.get $new)))

;; the generator of one stream in one block: state (low, high), increment (low, high)
(func $seed_stream (param $key i32) (param $block i32) (param $to i32) (local $sh i64) (local $sl i64) (local $ih i64) (local $il i64)
  (v128.store (i32.const @POOL@) (v128.load (i32.const @POOL_END@)))
  (global.set $hash (i32.load (i32.const @POOL_HASH@)))
  (call $mix_into_all (i32.load (local.get $key)))
  (call $mix_into_all (i32.load offset=4 (local.get $key)))
  (call $mix_into_all (local.get $block))
  (global.set $hash (i32.const 0x8b51f9dd))
  (local.set $sh (call $two_words (i32.const 0)))
  (local.set $sl (call $two_words (i32.const 2)))
  (local.set $ih (call $two_words (i32.const 4)))
  (local.set $il (call $two_words (i32.const 6)))
  (local.set $ih (i64.or (i64.shl (local.get $ih) (i64.const 1)) (i64.shr_u (local.get $il) (i64.const 63))))
  (local.set $il (i64.or (i64.shl (local.get $il) (i64.const 1)) (i64.const 1)))
  (global.set $low (i64.add (local.get $sl) (local.get $il)))
  (global.set $high (i64.add (i64.add (local.get $sh) (local.get $ih))
    (i64.extend_i32_u (i64.lt_u (global.get $low) (local.get $il)))))
  (call $times_plus (i64.const 2549297995355413924) (i64.const 4865540595714422341) (local.get $ih) (local.get $il))
  (i64.store (local.get $to) (global.get $low))
  (i64.store offset=8 (local.get $to) (global.get $high))
  (i64.store offset=16 (local.get $to) (local.get $il))
  (i64.store offset=24 (local.get $to) (local.get $ih)))

;; advance by a fixed number of steps: state = state A + increment G, A and G at $by
(func $jump (param $at i32) (param $by i32) (local $h i64) (local $l i64)
  (global.set $low (i64.load offset=16 (local.get $at)))
  (global.set $high (i64.load offset=24 (local.get $at)))
  (call $times_plus (i64.load offset=24 (local.get $by)) (i64.load offset=16 (local.get $by)) (i64.const 0) (i64.const 0))
  (local.set $h (global.get $high))
  (local.set $l (global.get $low))
  (global.set $low (i64.load (local.get $at)))
  (global.set $high (i64.load offset=8 (local.get $at)))
  (call $times_plus (i64.load offset=8 (local.get $by)) (i64.load (local.get $by)) (local.get $h) (local.get $l))
  (i64.store (local.get $at) (global.get $low))
  (i64.store offset=8 (local.get $at) (global.get $high)))

;; $steps steps of the generator at $at; each is two uniforms, $apart bytes from one another. 1 << $shift steps fill a
;; vector, the next one is $stride bytes on.
(func $fill (param $at i32) (param $steps i32) (param $to i32) (param $shift i32) (param $stride i32) (param $apart i32)
  (local $k i32) (local $h i64) (local $l i64) (local $ih i64) (local $il i64) (local $x i64) (local $a i64) (local $b i64) (local $t i64) (local $s i64) (local $p i32)
  (local.set $l (i64.load (local.get $at)))
  (local.set $h (i64.load offset=8 (local.get $at)))
  (local.set $il (i64.load offset=16 (local.get $at)))
  (local.set $ih (i64.load offset=24 (local.get $at)))
  (loop $each
    (local.set $x (i64.mul (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 32))) (i64.const 0xda942042e4dd58b5)))
    (local.set $x (i64.mul (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 48)))
      (i64.or (local.get $l) (i64.const 1))))
    (local.set $a (i64.and (local.get $l) (i64.const 0xffffffff)))
    (local.set $b (i64.shr_u (local.get $l) (i64.const 32)))
    (local.set $t (i64.add (i64.mul (local.get $b) (i64.const 0xe4dd58b5))
      (i64.shr_u (i64.mul (local.get $a) (i64.const 0xe4dd58b5)) (i64.const 32))))
    (local.set $s (i64.add (i64.mul (local.get $a) (i64.const 0xda942042)) (i64.and (local.get $t) (i64.const 0xffffffff))))
    (local.set $h (i64.add (i64.mul (local.get $h) (i64.const 0xda942042e4dd58b5))
      (i64.add (i64.mul (local.get $b) (i64.const 0xda942042))
        (i64.add (i64.shr_u (local.get $t) (i64.const 32)) (i64.shr_u (local.get $s) (i64.const 32))))))
    (local.set $l (i64.add (i64.mul (local.get $l) (i64.const 0xda942042e4dd58b5)) (local.get $il)))
    (local.set $h (i64.add (i64.add (local.get $h) (local.get $ih))
      (i64.extend_i32_u (i64.lt_u (local.get $l) (local.get $il)))))
    (local.set $p (i32.add (local.get $to) (i32.add
      (i32.mul (i32.shr_u (local.get $k) (local.get $shift)) (local.get $stride))
      (i32.mul (i32.and (local.get $k) (i32.sub (i32.shl (i32.const 1) (local.get $shift)) (i32.const 1)))
        (i32.shr_u (i32.const 16) (local.get $shift))))))
    (f32.store (local.get $p) (f32.mul (f32.const 0x1p-24)
      (f32.convert_i32_u (i32.shr_u (i32.wrap_i64 (local.get $x)) (i32.const 8)))))
    (f32.store (i32.add (local.get $p) (local.get $apart)) (f32.mul (f32.const 0x1p-24)
      (f32.convert_i32_u (i32.wrap_i64 (i64.shr_u (local.get $x) (i64.const 40))))))
    (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $steps))))
  (i64.store (local.get $at) (local.get $l))
  (i64.store offset=8 (local.get $at) (local.get $h)))

;; ---- rooms whose size depends on the months and the runs -----------------------------------------------------------

(global $plan (export "plan") i32 (i32.const @FREE@))
(global $from (mut i32) (i32.const 0))                        ;; the first month that is played
(global $months (mut i32) (i32.const 0))                      ;; the month after the last
(global $chance (export "chance") (mut i32) (i32.const 0))    ;; [group, play][month][row] of a vector
(global $record (export "record") (mut i32) (i32.const 0))    ;; [month][column][group, play] of a vector
(global $finals (export "finals") (mut i32) (i32.const 0))    ;; [measure][group, play] of a vector
(global $counts (export "counts") (mut i32) (i32.const 0))    ;; [month][class] i32
(global $pairs (export "pairs") (mut i32) (i32.const 0))      ;; [month][class] i32: worlds with both plays there
(global $sums (export "sums") (mut i32) (i32.const 0))        ;; [month][column] two f64
(global $bins (export "bins") (mut i32) (i32.const 0))        ;; [month][column][@BIN_ROOM@] u16
(global $moments (export "moments") (mut i32) (i32.const 0))  ;; [6][measure] two f64
(global $classes (export "classes") (mut i32) (i32.const 0))  ;; [month][run] u8
(global $values (export "values") (mut i32) (i32.const 0))    ;; [measure][run] f32
(global $worlds (export "worlds") (mut i32) (i32.const 0))    ;; [column][world] f32
(global $room (mut i32) (i32.const 0))                        ;; runs that the last three have room for
(global $first (mut i32) (i32.const 0))
(global $last (mut i32) (i32.const 0))
(global $keep (mut i32) (i32.const 0))                        ;; 1: histograms, 2: rows, 4: worlds

;; makes room and zeroes it; the caller then writes the plan of ``plan`` bytes where the global says
(func (export "reserve") (param $from i32) (param $months i32) (param $runs i32) (param $keep i32) (param $plan i32) (result i32) (local $at i32)
  (global.set $from (local.get $from))
  (global.set $months (local.get $months))
  (global.set $keep (local.get $keep))
  (global.set $room (i32.mul (i32.div_u (i32.add (local.get $runs) (i32.const @STRETCH_1@)) (i32.const @STRETCH@)) (i32.const @STRETCH@)))
  (global.set $chance (i32.and (i32.const -16) (i32.add (global.get $plan) (i32.add (local.get $plan) (i32.const 15)))))
  (global.set $record (local.tee $at (i32.add (global.get $chance) (i32.mul (local.get $months) (i32.const @CHANCE_SIZE@)))))
  (global.set $finals (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @RECORD_SIZE@)))))
  (global.set $counts (local.tee $at (i32.add (local.get $at) (i32.const @FINALS_SIZE@))))
  (global.set $pairs (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @COUNTS_SIZE@)))))
  (global.set $sums (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @COUNTS_SIZE@)))))
  (global.set $moments (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @SUMS_SIZE@)))))
  (global.set $bins (local.tee $at (i32.add (local.get $at) (i32.const @MOMENTS_SIZE@))))
  (if (i32.and (local.get $keep) (i32.const 1))
    (then (local.set $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @BINS_SIZE@))))))
  (global.set $classes (local.get $at))
  (global.set $values (local.get $at))
  (global.set $worlds (local.get $at))
  (if (i32.and (local.get $keep) (i32.const 2)) (then
    (global.set $values (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (global.get $room)))))
    (local.set $at (i32.add (local.get $at) (i32.mul (global.get $room) (i32.const @VALUES_SIZE@))))))
  (if (i32.and (local.get $keep) (i32.const 4)) (then
    (global.set $worlds (local.get $at))
    (local.set $at (i32.add (local.get $at) (i32.mul (global.get $room) (i32.const @WORLDS_SIZE@))))))
  (if (i32.gt_u (local.get $at) (i32.shl (memory.size) (i32.const 16))) (then
    (drop (memory.grow (i32.add (i32.const 1)
      (i32.shr_u (i32.sub (local.get $at) (i32.shl (memory.size) (i32.const 16))) (i32.const 16)))))))
  (memory.fill (global.get $counts) (i32.const 0) (i32.sub (global.get $classes) (global.get $counts)))
  (global.get $room))

;; ---- drawing --------------------------------------------------------------------------------------------------------

;; all generators at the world of a block from which the next stretch begins
(func $seed_block (param $block i32) (param $world i32) (local $k i32) (local $left i32) (local $at i32)
  (loop $each
    (local.set $at (i32.add (i32.const @GENERATORS@) (i32.shl (local.get $k) (i32.const 5))))
    (call $seed_stream (i32.add (i32.const @KEYS@) (i32.shl (local.get $k) (i32.const 3))) (local.get $block) (local.get $at))
    (local.set $left (i32.div_u (local.get $world) (i32.const @STRETCH_WORLDS@)))
    (block $there (loop $on
      (br_if $there (i32.eqz (local.get $left)))
      (call $jump (local.get $at)
        (select (i32.const @JUMP_WORLDS@) (i32.const @JUMP_RUNS@) (i32.lt_u (local.get $k) (i32.const @WORLD_STREAMS@))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br $on)))
    (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const @STREAMS@)))))

(func $draw_worlds (local $k i32)
  (loop $each
    (call $fill (i32.add (i32.const @GENERATORS@) (i32.shl (local.get $k) (i32.const 5))) (i32.const @STRETCH_WORLDS_2@)
      (i32.add (i32.const @WORLD_DRAWS@) (i32.shl (local.get $k) (i32.const 4)))
      (i32.const 1) (i32.const @WORLD_STRIDE@) (i32.const 4))
    (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const @WORLD_STREAMS@)))))

;; whether a month needs the draws of a stream: always, or only where its pair may meet ($pair at or above 0)
(func $needs (param $month i32) (param $pair i32) (result i32) (local $at i32) (local $left i32)
  (if (i32.lt_s (local.get $pair) (i32.const 0)) (then (return (i32.const 1))))
  (local.set $left (i32.load offset=12 (call $plan_of (local.get $month))))
  (local.set $at (call $due_of (local.get $month)))
  (block $none (loop $each
    (br_if $none (i32.eqz (local.get $left)))
    (if (i32.eq (i32.load (local.get $at)) (local.get $pair)) (then (return (i32.const 1))))
    (local.set $at (i32.add (local.get $at) (i32.const 20)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each)))
  (i32.const 0))

;; a monthly stream: [rows, first row in the month, pair or -1]
(func $draw_months (local $k i32) (local $at i32) (local $month i32) (local $row i32) (local $form i32)
  (loop $each
    (local.set $at (i32.add (i32.const @GENERATORS@) (i32.shl (i32.add (local.get $k) (i32.const @WORLD_STREAMS@)) (i32.const 5))))
    (local.set $form (i32.add (i32.const @FORMS@) (i32.mul (local.get $k) (i32.const 12))))
    (memory.copy (i32.const @CURSOR@) (local.get $at) (i32.const 32))
    (local.set $month (i32.const 0))
    (loop $months
      (local.set $row (i32.const 0))
      (loop $rows
        (if (call $needs (local.get $month) (i32.load offset=8 (local.get $form))) (then
          (memory.copy (i32.const @TEMPORARY@) (i32.const @CURSOR@) (i32.const 32))
          (call $fill (i32.const @TEMPORARY@) (i32.const @STRETCH_WORLDS@)
            (i32.add (global.get $chance) (i32.shl (i32.add (i32.mul (local.get $month) (i32.const @ROWS@))
              (i32.add (local.get $row) (i32.load offset=4 (local.get $form)))) (i32.const 4)))
            (i32.const 2)
            (i32.shl (i32.mul (global.get $months) (i32.const @ROWS@)) (i32.const 5))
            (i32.shl (i32.mul (global.get $months) (i32.const @ROWS@)) (i32.const 4)))))
        (call $jump (i32.const @CURSOR@) (i32.const @JUMP_ROW@))
        (br_if $rows (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 1))) (i32.load (local.get $form)))))
      (br_if $months (i32.lt_u (local.tee $month (i32.add (local.get $month) (i32.const 1))) (global.get $months))))
    (call $jump (local.get $at) (i32.const @JUMP_RUNS@))
    (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const @MONTH_STREAMS@)))))

;; ---- what a scenario plans, as instance.py and kernel.mjs write it: the first month and the levels seen there [slot,
;; value, where], then by month [5 counts], occasions to decide [function, chance], sets [slot, value, where], changes
;; [function, by, of now, of start, where, where], summits that are due [pair, opens, planned, certain, where], pins
;; [function, value, where]. Each ``where`` is a slot: above 0 in the lanes in which it comes about ---------------------

(func $plan_of (param $month i32) (result i32)
  (i32.add (global.get $plan) (i32.load offset=8 (i32.add (global.get $plan) (i32.shl (local.get $month) (i32.const 2))))))

(func $looks_of (param $month i32) (result i32)
  (i32.add (call $plan_of (local.get $month)) (i32.const 20)))

(func $sets_of (param $month i32) (result i32)
  (i32.add (call $looks_of (local.get $month)) (i32.mul (i32.const 8) (i32.load (call $plan_of (local.get $month))))))

(func $changes_of (param $month i32) (result i32)
  (i32.add (call $sets_of (local.get $month)) (i32.mul (i32.const 12) (i32.load offset=4 (call $plan_of (local.get $month))))))

(func $due_of (param $month i32) (result i32)
  (i32.add (call $changes_of (local.get $month)) (i32.mul (i32.const 24) (i32.load offset=8 (call $plan_of (local.get $month))))))

(func $pins_of (param $month i32) (result i32)
  (i32.add (call $due_of (local.get $month)) (i32.mul (i32.const 20) (i32.load offset=12 (call $plan_of (local.get $month))))))

(func $set (param $slot i32) (param $value f32)
  (v128.store (local.get $slot) (f32x4.splat (local.get $value))))

(func $set_all (param $at i32) (param $left i32)
  (block $done (loop $each
    (br_if $done (i32.eqz (local.get $left)))
    (v128.store (i32.load (local.get $at)) (v128.bitselect
      (f32x4.splat (f32.load offset=4 (local.get $at))) (v128.load (i32.load (local.get $at)))
      (f32x4.gt (v128.load (i32.load offset=8 (local.get $at))) @F(0)@)))
    (local.set $at (i32.add (local.get $at) (i32.const 12)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each))))

;; the lanes in which what is planned next comes about
(func $only_where (param $slot i32)
  (v128.store (i32.const @SLOT(v:happens.planned)@) (v128.load (local.get $slot))))

(func $look_all (param $month i32) (param $u i32) (local $at i32) (local $left i32)
  (local.set $at (call $looks_of (local.get $month)))
  (local.set $left (i32.load (call $plan_of (local.get $month))))
  (block $done (loop $each
    (br_if $done (i32.eqz (local.get $left)))
    (call $set (i32.const @SLOT(v:look.chance)@) (f32.load offset=4 (local.get $at)))
    (call_indirect (type $stage) (local.get $u) (i32.load (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 8)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each))))

(func $change_all (param $month i32) (param $u i32) (local $at i32) (local $left i32)
  (call $set_all (call $sets_of (local.get $month)) (i32.load offset=4 (call $plan_of (local.get $month))))
  (local.set $at (call $changes_of (local.get $month)))
  (local.set $left (i32.load offset=8 (call $plan_of (local.get $month))))
  (block $done (loop $each
    (br_if $done (i32.eqz (local.get $left)))
    (call $set (i32.const @SLOT(v:change.by)@) (f32.load offset=4 (local.get $at)))
    (call $set (i32.const @SLOT(v:change.of_now)@) (f32.load offset=8 (local.get $at)))
    (call $set (i32.const @SLOT(v:change.of_start)@) (f32.load offset=12 (local.get $at)))
    (v128.store (i32.const @SLOT(v:happens.planned)@) (f32x4.mul
      (v128.load (i32.load offset=16 (local.get $at))) (v128.load (i32.load offset=20 (local.get $at)))))
    (call_indirect (type $stage) (local.get $u) (i32.load (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 24)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each))))

(func $pin_all (param $month i32) (param $u i32) (local $at i32) (local $left i32)
  (local.set $at (call $pins_of (local.get $month)))
  (local.set $left (i32.load offset=16 (call $plan_of (local.get $month))))
  (block $done (loop $each
    (br_if $done (i32.eqz (local.get $left)))
    (call $set (i32.const @SLOT(v:change.by)@) (f32.load offset=4 (local.get $at)))
    (call $only_where (i32.load offset=8 (local.get $at)))
    (call_indirect (type $stage) (local.get $u) (i32.load (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 12)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each))))

;; the functions of a pair begin at @PAIR_FUNCTIONS@: leverage anew, the summit, its facts for a story
(func $meet_all (param $month i32) (param $u i32) (local $at i32) (local $left i32) (local $place i32) (local $pair i32)
  (local.set $at (call $due_of (local.get $month)))
  (local.set $left (i32.load offset=12 (call $plan_of (local.get $month))))
  (block $done (loop $each
    (br_if $done (i32.ge_u (local.get $place) (local.get $left)))
    (local.set $pair (i32.add (i32.const @PAIR_FUNCTIONS@) (i32.mul (i32.const 3) (i32.load (local.get $at)))))
    (call $stage_derive (local.get $u))
    (if (local.get $place) (then (call_indirect (type $stage) (local.get $u) (local.get $pair))))
    (call $set (i32.const @SLOT(v:due.opens)@) (f32.load offset=4 (local.get $at)))
    (call $set (i32.const @SLOT(v:due.planned)@) (f32.load offset=8 (local.get $at)))
    (call $set (i32.const @SLOT(v:due.certain)@) (f32.load offset=12 (local.get $at)))
    (call $only_where (i32.load offset=16 (local.get $at)))
    (if (global.get $telling) (then (call_indirect (type $stage) (local.get $u) (i32.add (local.get $pair) (i32.const 2)))))
    (call_indirect (type $stage) (local.get $u) (i32.add (local.get $pair) (i32.const 1)))
    (local.set $at (i32.add (local.get $at) (i32.const 20)))
    (local.set $place (i32.add (local.get $place) (i32.const 1)))
    (br $each))))

(func $month (param $month i32) (param $u i32)
  (call $set (i32.const @SLOT(v:month)@) (f32.convert_i32_u (local.get $month)))
  (call $look_all (local.get $month) (local.get $u))
  @STAGES@)

;; ---- playing --------------------------------------------------------------------------------------------------------

(func $play_one (param $world i32) (param $both i32) (local $month i32) (local $u i32) (local $r i32)
  (memory.copy (i32.const @VARYING@) (i32.const @OPENING@) (i32.const @VARYING_SIZE@))
  (call $set_all (i32.add (global.get $plan) (i32.load (global.get $plan))) (i32.load offset=4 (global.get $plan)))
  (local.set $month (global.get $from))
  (loop $months
    (local.set $u (i32.add (global.get $chance) (i32.shl (i32.mul (i32.const @ROWS@)
      (i32.add (local.get $month) (i32.mul (local.get $both) (global.get $months)))) (i32.const 4))))
    (call $month (local.get $month) (local.get $u))
    (call $record_month (i32.add (global.get $record) (i32.add (i32.shl (local.get $both) (i32.const 4))
      (i32.mul (local.get $month) (i32.const @RECORD_SIZE@)))))
    (br_if $months (i32.lt_u (local.tee $month (i32.add (local.get $month) (i32.const 1))) (global.get $months))))
  (call $record_finals (i32.add (global.get $finals) (i32.shl (local.get $both) (i32.const 4)))))

;; one month of the play whose slots are in place, for a story; "tell" puts the slots of a run in place
(func (export "tell") (param $run i32) (local $w i32) (local $both i32)
  (if (i32.ne (i32.add (i32.and (local.get $run) (i32.const @STRETCH_MASK@)) (i32.const @STRETCH@)) (global.get $next)) (then
    (call $draw_stretch (i32.and (local.get $run) (i32.const @STRETCH_MASK@)))))
  (local.set $w (i32.and (i32.shr_u (local.get $run) (i32.const 1)) (i32.const @STRETCH_WORLDS_1@)))
  (local.set $both (i32.shr_u (local.get $w) (i32.const 2)))
  (call $world (i32.add (i32.const @WORLD_DRAWS@) (i32.mul (local.get $both) (i32.const @WORLD_STRIDE@))))
  (memory.copy (i32.const @VARYING@) (i32.const @OPENING@) (i32.const @VARYING_SIZE@))
  (call $set_all (i32.add (global.get $plan) (i32.load (global.get $plan))) (i32.load offset=4 (global.get $plan)))
  (global.set $told (i32.add (i32.shl (local.get $both) (i32.const 1)) (i32.and (local.get $run) (i32.const 1)))))

(global $told (mut i32) (i32.const 0))
(global $telling (mut i32) (i32.const 0))

(func (export "tell_month") (param $month i32)
  (global.set $telling (i32.const 1))
  (call $month (local.get $month) (i32.add (global.get $chance) (i32.shl (i32.mul (i32.const @ROWS@)
    (i32.add (local.get $month) (i32.mul (global.get $told) (global.get $months)))) (i32.const 4))))
  (call $record_month (global.get $record))
  (call $record_finals (global.get $finals))
  (global.set $telling (i32.const 0)))

(func $draw_stretch (param $run i32)
  (if (i32.or (i32.eqz (i32.and (local.get $run) (i32.const 4095))) (i32.ne (local.get $run) (global.get $next))) (then
    (call $seed_block (i32.shr_u (local.get $run) (i32.const 12)) (i32.shr_u (i32.and (local.get $run) (i32.const 4095)) (i32.const 1)))))
  (if (i32.eqz (global.get $same_world)) (then (call $draw_worlds)))
  (call $draw_months)
  (global.set $next (i32.add (local.get $run) (i32.const @STRETCH@))))

(global $next (mut i32) (i32.const -1))
(global $same_world (export "same_world") (mut i32) (i32.const 0)) ;; 1: every world is what stands in WORLD_DRAWS

(func (export "prepare")
  (call $mix_seed)
  (global.set $next (i32.const -1))
  (call $set (i32.const @SLOT(v:always)@) (f32.const 1))
  (call $derive_numbers))

;; ``first`` is a multiple of @STRETCH@
(func (export "play") (param $first i32) (param $runs i32) (local $run i32) (local $group i32)
  (global.set $first (local.get $first))
  (global.set $last (i32.add (local.get $first) (local.get $runs)))
  (local.set $run (local.get $first))
  (loop $stretches
    (call $draw_stretch (local.get $run))
    (local.set $group (i32.const 0))
    (block $enough (loop $groups
      (br_if $enough (i32.ge_u (i32.add (local.get $run) (i32.shl (local.get $group) (i32.const 3))) (global.get $last)))
      (call $world (i32.add (i32.const @WORLD_DRAWS@) (i32.mul (local.get $group) (i32.const @WORLD_STRIDE@))))
      (if (i32.and (global.get $keep) (i32.const 4)) (then
        (call $record_world
          (i32.add (i32.const @WORLD_DRAWS@) (i32.mul (local.get $group) (i32.const @WORLD_STRIDE@)))
          (i32.add (global.get $worlds) (i32.shl (i32.add (i32.shl (local.get $group) (i32.const 2))
            (i32.shr_u (i32.sub (local.get $run) (global.get $first)) (i32.const 1))) (i32.const 2))))))
      (call $play_one (local.get $group) (i32.shl (local.get $group) (i32.const 1)))
      (call $play_one (local.get $group) (i32.add (i32.shl (local.get $group) (i32.const 1)) (i32.const 1)))
      (br_if $groups (i32.lt_u (local.tee $group (i32.add (local.get $group) (i32.const 1))) (i32.const @GROUPS@)))))
    (call $add_up (local.get $run))
    (br_if $stretches (i32.lt_u (local.tee $run (i32.add (local.get $run) (i32.const @STRETCH@))) (global.get $last)))))

;; ---- adding up ------------------------------------------------------------------------------------------------------

;; lanes of a (group, play) that belong to the runs asked for: run + 8 group + 2 lane + play < last
(func $lanes (param $run i32) (param $both i32) (result v128)
  (i32x4.lt_s
    (i32x4.add (i32x4.splat (i32.add (local.get $run) (i32.add
        (i32.shl (i32.shr_u (local.get $both) (i32.const 1)) (i32.const 3)) (i32.and (local.get $both) (i32.const 1)))))
      (v128.const i32x4 0 2 4 6))
    (i32x4.splat (global.get $last))))

(func $add (param $to i32) (param $value v128)
  (v128.store (local.get $to) (f64x2.add (v128.load (local.get $to)) (f64x2.add
    (f64x2.promote_low_f32x4 (local.get $value))
    (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $value) (local.get $value)))))))

(func $add_up (param $run i32) (local $month i32) (local $column i32)
  (loop $each
    (v128.store offset=@LANES@ (i32.shl (local.get $column) (i32.const 4)) (call $lanes (local.get $run) (local.get $column)))
    (br_if $each (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (i32.const @BOTH@))))
  (local.set $month (global.get $from))
  (loop $months
    (call $add_classes (local.get $run) (local.get $month)
      (i32.add (global.get $record) (i32.mul (local.get $month) (i32.const @RECORD_SIZE@))))
    (local.set $column (i32.const 1))
    (loop $columns
      (call $add_column (i32.add (global.get $record) (i32.add (i32.mul (local.get $month) (i32.const @RECORD_SIZE@))
          (i32.mul (local.get $column) (i32.const @COLUMN_SIZE@))))
        (i32.add (global.get $sums) (i32.shl (i32.add (i32.mul (local.get $month) (i32.const @COLUMNS@)) (local.get $column)) (i32.const 4)))
        (i32.add (global.get $bins) (i32.mul (i32.add (i32.mul (local.get $month) (i32.const @COLUMNS@)) (local.get $column)) (i32.const @BIN_BYTES@)))
        (f32.load (i32.add (i32.const @SCALES@) (i32.shl (local.get $column) (i32.const 2)))))
      (br_if $columns (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (i32.const @COLUMNS@))))
    (br_if $months (i32.lt_u (local.tee $month (i32.add (local.get $month) (i32.const 1))) (global.get $months))))
  (local.set $column (i32.const 0))
  (loop $measures
    (call $add_measure (local.get $run) (local.get $column))
    (br_if $measures (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (i32.const @MEASURES@)))))

;; a month's values of one column: their sum, and where they fall in a histogram; lanes that do not count fall in its
;; last bar. Where all four fall in one bar, as numbers that do not move do, it is written once.
(func $add_column (param $from i32) (param $sum i32) (param $bins i32) (param $scale f32) (local $both i32) (local $at i32) (local $lanes v128) (local $value v128) (local $low v128) (local $high v128) (local $k v128)
  (loop $each
    (local.set $lanes (v128.load offset=@LANES@ (local.get $both)))
    (local.set $value (v128.and (local.get $lanes) (v128.load (i32.add (local.get $from) (local.get $both)))))
    (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4 (local.get $value))))
    (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
      (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $value) (local.get $value)))))
    (if (i32.and (global.get $keep) (i32.const 1)) (then
      (local.set $k (i32x4.min_u (i32x4.trunc_sat_f32x4_u (f32x4.mul (local.get $value) (f32x4.splat (local.get $scale)))) @I(999)@))
      (local.set $k (i32x4.shl (v128.bitselect (local.get $k) @I(1000)@ (local.get $lanes)) (i32.const 1)))
      (local.set $at (i32.add (local.get $bins) (i32x4.extract_lane 0 (local.get $k))))
      (if (i32x4.all_true (i32x4.eq (local.get $k) (i8x16.shuffle 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3 (local.get $k) (local.get $k))))
        (then (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 4))))
        (else
          (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 1)))
          (local.set $at (i32.add (local.get $bins) (i32x4.extract_lane 1 (local.get $k))))
          (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 1)))
          (local.set $at (i32.add (local.get $bins) (i32x4.extract_lane 2 (local.get $k))))
          (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 1)))
          (local.set $at (i32.add (local.get $bins) (i32x4.extract_lane 3 (local.get $k))))
          (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 1)))))))
    (br_if $each (i32.lt_u (local.tee $both (i32.add (local.get $both) (i32.const 16))) (i32.const @COLUMN_SIZE@))))
  (v128.store (local.get $sum) (f64x2.add (v128.load (local.get $sum)) (f64x2.add (local.get $low) (local.get $high)))))

;; classes of a month: counted, counted where both plays of a world agree, and kept; a run at a time
(func $add_classes (param $run i32) (param $month i32) (param $from i32) (local $k i32) (local $class i32) (local $at i32)
  (loop $each
    (if (i32.lt_u (i32.add (local.get $run) (local.get $k)) (global.get $last)) (then
      (local.set $class (call $class_of (local.get $from) (local.get $k)))
      (local.set $at (i32.shl (i32.add (i32.mul (local.get $month) (i32.const @CLASSES@)) (local.get $class)) (i32.const 2)))
      (i32.store (i32.add (global.get $counts) (local.get $at)) (i32.add (i32.load (i32.add (global.get $counts) (local.get $at))) (i32.const 1)))
      (if (i32.and (i32.and (local.get $k) (i32.const 1)) (i32.eq (local.get $class) (call $class_of (local.get $from) (i32.sub (local.get $k) (i32.const 1))))) (then
        (i32.store (i32.add (global.get $pairs) (local.get $at)) (i32.add (i32.load (i32.add (global.get $pairs) (local.get $at))) (i32.const 1)))))
      (if (i32.and (global.get $keep) (i32.const 2)) (then
        (i32.store8 (i32.add (i32.add (global.get $classes) (i32.mul (local.get $month) (global.get $room)))
          (i32.sub (i32.add (local.get $run) (local.get $k)) (global.get $first))) (local.get $class))))))
    (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const @STRETCH@)))))

;; run k of a stretch: group k / 8, play k mod 2, lane (k / 2) mod 4
(func $class_of (param $from i32) (param $k i32) (result i32)
  (i32.trunc_sat_f32_u (f32.load (i32.add (local.get $from) (i32.add
    (i32.shl (i32.or (i32.shl (i32.shr_u (local.get $k) (i32.const 3)) (i32.const 1)) (i32.and (local.get $k) (i32.const 1))) (i32.const 4))
    (i32.shl (i32.and (i32.shr_u (local.get $k) (i32.const 1)) (i32.const 3)) (i32.const 2)))))))

;; sums of a measure over runs to which it applies (where it is not NaN): of y, of y squared, of y over worlds with two
;; plays, of the product of the two plays; then the number of runs and of worlds with two plays
(func $add_measure (param $run i32) (param $measure i32) (local $group i32) (local $from i32) (local $to i32) (local $one v128) (local $two v128) (local $a v128) (local $b v128)
  (local.set $from (i32.add (global.get $finals) (i32.mul (local.get $measure) (i32.const @COLUMN_SIZE@))))
  (local.set $to (i32.add (global.get $moments) (i32.shl (local.get $measure) (i32.const 4))))
  (loop $each
    (local.set $one (v128.load (i32.add (local.get $from) (i32.shl (local.get $group) (i32.const 5)))))
    (local.set $two (v128.load offset=16 (i32.add (local.get $from) (i32.shl (local.get $group) (i32.const 5)))))
    (if (i32.and (global.get $keep) (i32.const 2)) (then
      (call $keep_values (local.get $measure)
        (i32.add (i32.sub (local.get $run) (global.get $first)) (i32.shl (local.get $group) (i32.const 3)))
        (local.get $one) (local.get $two))))
    (local.set $a (v128.and (f32x4.eq (local.get $one) (local.get $one))
      (v128.load offset=@LANES@ (i32.shl (local.get $group) (i32.const 5)))))
    (local.set $b (v128.and (f32x4.eq (local.get $two) (local.get $two))
      (v128.load offset=@LANES_1@ (i32.shl (local.get $group) (i32.const 5)))))
    (local.set $one (v128.and (local.get $a) (local.get $one)))
    (local.set $two (v128.and (local.get $b) (local.get $two)))
    (call $add (local.get $to) (local.get $one))
    (call $add (local.get $to) (local.get $two))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_1@)) (f32x4.mul (local.get $one) (local.get $one)))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_1@)) (f32x4.mul (local.get $two) (local.get $two)))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_4@)) (v128.and (local.get $a) @F(1)@))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_4@)) (v128.and (local.get $b) @F(1)@))
    (local.set $a (v128.and (local.get $a) (local.get $b)))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_2@)) (v128.and (local.get $a) (f32x4.add (local.get $one) (local.get $two))))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_3@)) (v128.and (local.get $a) (f32x4.mul (local.get $one) (local.get $two))))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_5@)) (v128.and (local.get $a) @F(1)@))
    (br_if $each (i32.lt_u (local.tee $group (i32.add (local.get $group) (i32.const 1))) (i32.const @GROUPS@)))))

(func $keep_values (param $measure i32) (param $place i32) (param $one v128) (param $two v128) (local $to i32)
  (local.set $to (i32.add (global.get $values) (i32.shl (i32.add (i32.mul (local.get $measure) (global.get $room)) (local.get $place)) (i32.const 2))))
  (v128.store (local.get $to) (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $one) (local.get $two)))
  (v128.store offset=16 (local.get $to) (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $one) (local.get $two))))
