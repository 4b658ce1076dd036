(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32 i32 i32) (result i32)))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (func))
  (type (;5;) (func (param i32)))
  (type (;6;) (func (param i32 i64)))
  (type (;7;) (func (param i32 i32) (result i32)))
  (type (;8;) (func (param i32 i32)))
  (import "spear" "mic_create" (func (;0;) (type 1)))
  (import "spear" "mic_read" (func (;1;) (type 2)))
  (import "spear" "mic_ctl" (func (;2;) (type 0)))
  (import "spear" "spear_epoll_create" (func (;3;) (type 1)))
  (import "spear" "spear_epoll_ctl" (func (;4;) (type 0)))
  (import "spear" "spear_epoll_wait" (func (;5;) (type 0)))
  (import "spear" "mic_close" (func (;6;) (type 3)))
  (import "spear" "log" (func (;7;) (type 2)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 3)
  (global (;0;) (mut i32) i32.const 133968)
  (export "memory" (memory 0))
  (export "_start" (func 8))
  (export "__indirect_function_table" (table 0))
  (func (;8;) (type 4)
    (local i32 i32 i32 i32 i32 i32 i32 i64)
    global.get 0
    i32.const 32
    i32.sub
    local.tee 0
    global.set 0
    call 0
    local.set 1
    local.get 0
    i32.const 65536
    i32.store offset=28
    i32.const 1257
    local.get 1
    i32.const 1344
    local.get 0
    i32.const 28
    i32.add
    local.tee 2
    call 1
    i64.extend_i32_s
    call 9
    i32.const 1238
    local.get 1
    i32.const 1269
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1317
    local.get 1
    i32.const 1163
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1282
    local.get 1
    i32.const 7
    i32.const 66880
    local.get 2
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1275
    local.get 1
    i32.const 1024
    call 10
    local.tee 3
    i64.extend_i32_s
    call 9
    local.get 3
    i32.const 0
    i32.lt_s
    if ;; label = @1
      local.get 0
      i32.const 1024
      i32.store offset=28
      local.get 0
      local.get 1
      i32.const 2
      i32.const 66880
      local.get 2
      call 2
      local.tee 3
      i32.store offset=28
      local.get 3
      call 11
      i32.const 1310
      local.get 1
      i32.const 1110
      call 10
      i64.extend_i32_s
      call 9
    end
    call 3
    local.tee 6
    i32.const 1
    local.get 1
    i32.const 25
    call 4
    drop
    i32.const 0
    local.set 3
    block ;; label = @1
      loop ;; label = @2
        block ;; label = @3
          local.get 3
          i32.const 4
          i32.gt_s
          br_if 0 (;@3;)
          local.get 0
          i32.const 8
          i32.store offset=12
          local.get 6
          local.get 0
          i32.const 16
          i32.add
          local.get 0
          i32.const 12
          i32.add
          i32.const 5000
          call 5
          local.tee 2
          i32.const 0
          i32.le_s
          if ;; label = @4
            i32.const 1213
            local.get 2
            i64.extend_i32_s
            call 9
            br 3 (;@1;)
          end
          local.get 0
          i32.load8_u offset=20
          i32.const 1
          i32.and
          i32.eqz
          br_if 0 (;@3;)
          local.get 0
          i32.const 1
          i32.store offset=28
          local.get 1
          i32.const 1344
          local.get 0
          i32.const 28
          i32.add
          call 1
          local.set 2
          local.get 3
          i32.eqz
          if ;; label = @4
            i32.const 1207
            local.get 2
            i64.extend_i32_s
            call 9
          end
          local.get 0
          i32.const 65536
          i32.store offset=28
          local.get 1
          i32.const 1344
          local.get 0
          i32.const 28
          i32.add
          call 1
          local.tee 5
          i32.const 0
          i32.lt_s
          br_if 1 (;@2;)
          i32.const 1
          local.set 2
          local.get 3
          i32.const 1
          i32.add
          local.set 3
          loop ;; label = @4
            local.get 2
            local.get 5
            i32.ge_s
            i32.eqz
            if ;; label = @5
              local.get 7
              local.get 2
              i32.const 1343
              i32.add
              i64.load16_s
              i64.add
              local.set 7
              local.get 2
              i32.const 2
              i32.add
              local.set 2
              br 1 (;@4;)
            end
          end
          local.get 4
          local.get 5
          i32.add
          local.set 4
          br 1 (;@2;)
        end
      end
      i32.const 1231
      local.get 3
      i64.extend_i32_s
      call 9
      i32.const 1225
      local.get 4
      i64.extend_i32_s
      call 9
      i32.const 1247
      local.get 7
      call 9
      local.get 0
      i32.const 1024
      i32.store offset=28
      local.get 1
      i32.const 2
      i32.const 66880
      local.get 0
      i32.const 28
      i32.add
      local.tee 3
      call 2
      call 11
      i32.const 1251
      local.get 1
      call 6
      i64.extend_i32_s
      call 9
      i32.const 1298
      local.get 1
      i32.const 1344
      local.get 3
      call 1
      i64.extend_i32_s
      call 9
    end
    local.get 0
    i32.const 32
    i32.add
    global.set 0
  )
  (func (;9;) (type 6) (param i32 i64)
    (local i32 i32 i64 i64)
    local.get 0
    call 12
    i32.const 1315
    i32.const 1
    call 13
    i32.const 0
    local.set 0
    global.get 0
    i32.const 32
    i32.sub
    local.tee 2
    global.set 0
    local.get 1
    local.tee 4
    i64.const 63
    i64.shr_s
    local.tee 1
    local.get 4
    i64.add
    local.get 1
    i64.xor
    local.set 1
    loop ;; label = @1
      local.get 0
      local.get 2
      i32.add
      local.get 1
      local.get 1
      i64.const 10
      i64.div_u
      local.tee 5
      i64.const 10
      i64.mul
      i64.sub
      i32.wrap_i64
      i32.const 48
      i32.or
      i32.store8
      local.get 0
      i32.const 1
      i32.add
      local.set 0
      local.get 1
      i64.const 9
      i64.gt_u
      local.get 5
      local.set 1
      br_if 0 (;@1;)
    end
    local.get 4
    i64.const 0
    i64.lt_s
    if ;; label = @1
      i32.const 1328
      i32.const 1
      call 13
    end
    local.get 2
    i32.const 1
    i32.sub
    local.set 3
    loop ;; label = @1
      local.get 0
      i32.const 0
      i32.gt_s
      if ;; label = @2
        local.get 0
        local.get 3
        i32.add
        i32.const 1
        call 13
        local.get 0
        i32.const 1
        i32.sub
        local.set 0
        br 1 (;@1;)
      end
    end
    local.get 2
    i32.const 32
    i32.add
    global.set 0
    call 14
  )
  (func (;10;) (type 7) (param i32 i32) (result i32)
    (local i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 2
    global.set 0
    local.get 2
    local.get 1
    call 15
    i32.store offset=12
    local.get 0
    i32.const 1
    local.get 1
    local.get 2
    i32.const 12
    i32.add
    call 2
    local.get 2
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;11;) (type 5) (param i32)
    i32.const 1218
    call 12
    i32.const 1315
    i32.const 1
    call 13
    i32.const 66880
    local.get 0
    call 13
    call 14
  )
  (func (;12;) (type 5) (param i32)
    local.get 0
    local.get 0
    call 15
    call 13
  )
  (func (;13;) (type 8) (param i32 i32)
    (local i32 i32 i32)
    i32.const 67904
    i32.load
    local.set 4
    loop ;; label = @1
      block ;; label = @2
        local.get 1
        local.get 2
        i32.gt_s
        if ;; label = @3
          local.get 2
          local.get 4
          i32.add
          local.tee 3
          i32.const 512
          i32.lt_s
          br_if 1 (;@2;)
        end
        return
      end
      local.get 3
      i32.const 67920
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 67904
      local.get 3
      i32.const 1
      i32.add
      i32.store
      local.get 2
      i32.const 1
      i32.add
      local.set 2
      br 0 (;@1;)
    end
    unreachable
  )
  (func (;14;) (type 4)
    i32.const 2
    i32.const 67920
    i32.const 67904
    i32.load
    call 7
    drop
    i32.const 67904
    i32.const 0
    i32.store
  )
  (func (;15;) (type 3) (param i32) (result i32)
    (local i32 i32)
    loop ;; label = @1
      local.get 0
      local.get 1
      i32.add
      local.get 1
      i32.const 1
      i32.add
      local.set 1
      i32.load8_u
      br_if 0 (;@1;)
    end
    local.get 1
    i32.const 1
    i32.sub
  )
  (data (;0;) (i32.const 1024) "{\22source\22:\22device\22,\22frame_ms\22:20,\22sample_rate_hz\22:24000,\22fallback\22:{\22to_stub\22:false}}\00{\22source\22:\22stub\22,\22stub_pcm16_base64\22:\22AQACAAMABAA=\22}\00{\22source\22:\22stub\22,\22stub_pcm16_base64\22:\22***\22}\00short\00wait\00status\00bytes\00frames\00not_json\00sum\00close\00read_before\00frame\00device\00unknown_command\00read_closed\00stub\00=\00not_base64\00-")
)
